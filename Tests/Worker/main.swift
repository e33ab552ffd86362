import DiskTestSupport

// A process with a store open, for tests that need another one: to share files with, or to kill. Not on the main actor,
// from which every call would have to hop.
await Task.detached { await Worker.run(Array(CommandLine.arguments.dropFirst())) }.value
