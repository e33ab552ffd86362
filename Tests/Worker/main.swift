import TestSupport

// A process with an open store, for tests that need another process to share files with or to kill. It does not run on
// the main actor, so calls need no hop from it.
await Task.detached { await Worker.run(Array(CommandLine.arguments.dropFirst())) }.value
