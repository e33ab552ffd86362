import ArgumentParser

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
@unsafe @preconcurrency import Glibc
#elseif canImport(Musl)
@unsafe @preconcurrency import Musl
#endif

/// Where the command starts. Not on the main actor, from which every call would have to hop.
@main
enum Program {
    static func main() async {
        // A child that was killed must not take its parent with it when it is written to.
        _ = signal(SIGPIPE, SIG_IGN)
        // Line by line also into a pipe, so that nothing is missing when this process is killed.
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
