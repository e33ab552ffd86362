/// A test as text: commands, then the output that they must produce.
///
///     # a lock that is held excludes others
///     #
///     # The second transaction waits until the first one ends.
///
///     t1: exclusive k
///     t2: exclusive k
///     ---
///     t1: exclusive k granted
///     t2: exclusive k waits for t1
///
/// A script begins with its name and an explanation. A block is a group of commands, a line `---`, and their output. A
/// blank line ends it. Blocks run in order and share their state. Commands whose output depends on where they run have
/// several outputs, each below a line `--- VARIANT`.
struct Script: Sendable {
    /// A line of the file.
    struct Line: Hashable, Sendable {
        /// Counted from 1.
        let number: Int
        let text: String
    }

    /// The output of a block in one variant; the name of the only variant is empty.
    struct Output: Hashable, Sendable {
        let variant: String
        var lines: [String]
    }

    struct Block: Sendable {
        var commands: [Line] = []
        var outputs: [Output] = []
        /// The index of the line after the last command.
        var outputStart = 0
        /// The index of the line after the last output.
        var end = 0
    }

    /// The path of the file, for errors.
    let file: String
    /// What the script shows, as a sentence.
    let name: String
    let blocks: [Block]
    /// All lines of the file.
    let lines: [String]

    /// All commands.
    var commands: [Line] { blocks.flatMap(\.commands) }

    /// An error at a line of the script.
    func error(_ line: Line, _ message: String) -> ScriptError {
        ScriptError(file: file, line: line.number, message: message)
    }
}

/// A mistake in a script.
struct ScriptError: Error, Hashable, CustomStringConvertible {
    let file: String
    let line: Int
    let message: String

    var description: String { "\(file):\(line): \(message)" }
}
