#if Command
import ArgumentParser
@unsafe @preconcurrency import KVDSSystem

/// The entry point. It does not run on the main actor, so calls need no hop from it.
@main
enum Program {
    static func main() async {
        // Writing to a killed child must not end this process.
        _ = signal(SIGPIPE, SIG_IGN)
        // Buffer by line even into a pipe, so that no line is lost if this process is killed.
        unsafe setvbuf(stdout, nil, _IOLBF, 0)
        await Task.detached {
            do {
                var command = try RootCommand.parseAsRoot()
                if var command = command as? any AsyncParsableCommand {
                    try await command.run()
                } else {
                    try command.run()
                }
            } catch {
                RootCommand.exit(withError: error)
            }
        }.value
    }
}
#else
@main
struct Program {
    static func main() {
        print("kvds-torture was built without its command line. Build it with: swift build --traits default,Command")
    }
}
#endif
