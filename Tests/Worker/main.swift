import DiskTestSupport

// A process with a store open, for tests that need another one: to share files with, or to kill.
await Worker.run(Array(CommandLine.arguments.dropFirst()))
