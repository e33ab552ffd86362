import ArgumentParser
import KVDS
import KVDSFormats

/// Where the command starts and, whatever happens, ends.
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

    /// An argument that is not UTF-8 reaches Swift repaired, and would name another key than the one that was typed.
    private static func checkArguments() throws {
        for index in 0..<Int(CommandLine.argc) {
            guard let argument = unsafe CommandLine.unsafeArgv[index] else { continue }
            if unsafe String(validatingCString: argument) == nil {
                throw ValidationError(
                    "Argument \(index) is not UTF-8. Bring binary keys in with kvds import, as \\xNN in a tsv file.")
            }
        }
    }

    /// Exit codes: 0 done, 1 absent or not done, 2 failed, 64 wrongly called.
    private static func end(_ error: any Error) -> Never {
        switch error {
        case let code as ExitCode: RootCommand.exit(withError: code)
        // The reader of our output has seen enough: no failure.
        case is BrokenPipe: RootCommand.exit()
        case let error as StoreError: fail(error.line)
        case let error as ImportFailure: fail(error.description)
        // What is left is the parser's: help, version, usage errors.
        default: RootCommand.exit(withError: error)
        }
    }

    private static func fail(_ message: String) -> Never {
        Descriptor.standardError.report("kvds: \(message.onOneLine)")
        RootCommand.exit(withError: ExitCode(2))
    }
}

extension StoreError {
    /// The message, behind the name of the store unless it is in there.
    var line: String {
        var error = self
        // As words of their own, or the beginning of a path below: "no store" does not name the store `st`.
        let marks = [" ", ",", ";", ":", ".", "/"]
        if let store, marks.contains(where: { " \(message) ".contains(" \(store)\($0)") }) { error.store = nil }
        return error.description
    }
}

extension String {
    /// With spaces for line breaks.
    var onOneLine: String { split(whereSeparator: \.isNewline).joined(separator: " ") }
}
