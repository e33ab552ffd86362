#if Command
import ArgumentParser
import KVDS
import KVDSFormats

/// The entry point of the command. Every run starts and ends here.
@main
enum Program {
    static func main() async {
        Descriptor.ignoreBrokenPipeSignal()
        do {
            try checkArguments()
            let command = try RootCommand.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                var command = command
                try command.run()
            }
        } catch {
            end(error)
        }
    }

    /// Rejects arguments that are not UTF-8. Swift would repair such an argument, and it would name another key.
    private static func checkArguments() throws {
        for index in 0..<Int(CommandLine.argc) {
            guard let argument = unsafe CommandLine.unsafeArgv[index] else { continue }
            if unsafe String(validatingCString: argument) == nil {
                throw ValidationError(
                    "Argument \(index) is not UTF-8. Set binary keys with kvds import, as \\xNN in a tsv file.")
            }
        }
    }

    /// Exit codes: 0 done, 1 absent or not done, 2 failed, 64 wrong usage.
    private static func end(_ error: any Error) -> Never {
        switch error {
        case let code as ExitCode: RootCommand.exit(withError: code)
        // The reader of our output has closed it, which is not a failure.
        case is BrokenPipe: RootCommand.exit()
        case let error as StoreError: fail(error.line)
        case let error as ImportFailure: fail(error.description)
        // All other errors are those of the parser: help, version, wrong usage.
        default: RootCommand.exit(withError: error)
        }
    }

    private static func fail(_ message: String) -> Never {
        Descriptor.standardError.report("kvds: \(message.onOneLine)")
        RootCommand.exit(withError: ExitCode(2))
    }
}

extension StoreError {
    /// The message, preceded by the name of the store unless it contains that name.
    var line: String {
        var error = self
        // The name counts only as a word of its own or as the beginning of a longer path: "no store" does not name the
        // store `st`.
        let marks = [" ", ",", ";", ":", ".", "/"]
        if let store, marks.contains(where: { " \(message) ".contains(" \(store)\($0)") }) { error.store = nil }
        return error.description
    }
}

extension String {
    /// The text with spaces in place of line breaks.
    var onOneLine: String { split(whereSeparator: \.isNewline).joined(separator: " ") }
}
#else
@main
struct Program {
    static func main() {
        print("kvds was built without its command line. Build it with: swift build --traits default,Command")
    }
}
#endif
