extension Script {
    /// Parses the text of a script.
    ///
    /// - Parameter file: the path of the file, for errors.
    init(_ text: String, file: String) throws(ScriptError) {
        var parser = ScriptParser(text, file: file)
        try parser.parseHead()
        while try parser.parseBlock() {}
        if parser.blocks.isEmpty { throw parser.error("the script has no commands") }
        self.init(file: file, name: parser.name, blocks: parser.blocks, lines: parser.lines)
    }
}

/// Reads a script line by line.
private struct ScriptParser {
    /// The maximum length of a name. It is also the limit for the names of tests.
    private static let maximumNameLength = 90

    let file: String
    let lines: [String]
    private(set) var name = ""
    private(set) var blocks: [Script.Block] = []
    /// The index of the next line.
    private var next = 0

    init(_ text: String, file: String) {
        self.file = file
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        self.lines = lines
    }

    /// The name and the explanation: comments at the beginning of the file.
    mutating func parseHead() throws(ScriptError) {
        guard let first = line, first.hasPrefix("# ") else { throw error("a script begins with its name: # NAME") }
        name = String(first.dropFirst(2))
        if name.count > Self.maximumNameLength {
            throw error("the name has \(name.count) characters, which is more than \(Self.maximumNameLength)")
        }
        next += 1
        var isExplained = false
        while let line, line.hasPrefix("#") {
            if line.count > 1 { isExplained = true }
            next += 1
        }
        if !isExplained { throw error("an explanation must follow the name, as a comment") }
    }

    /// - Returns: false at the end of the file.
    mutating func parseBlock() throws(ScriptError) -> Bool {
        while let line, line.isEmpty || line.hasPrefix("#") { next += 1 }
        guard line != nil else { return false }
        var block = Script.Block()
        while let line, !line.isEmpty, !line.isRule {
            if !line.hasPrefix("#") { block.commands.append(Script.Line(number: next + 1, text: line)) }
            next += 1
        }
        block.outputStart = next
        if block.commands.isEmpty { throw error("there are no commands before ---") }
        guard line?.isRule == true else { throw error("a line --- must follow the commands") }
        while let line, line.isRule {
            let variant = String(line.dropFirst(4))
            if block.outputs.contains(where: { $0.variant == variant }) {
                throw error("the block has another output \"\(line)\"")
            }
            next += 1
            block.outputs.append(Script.Output(variant: variant, lines: try parseOutput()))
        }
        block.end = next
        blocks.append(block)
        return true
    }

    private mutating func parseOutput() throws(ScriptError) -> [String] {
        var output: [String] = []
        while let line, !line.isEmpty, !line.isRule {
            if line.hasPrefix("#") { throw error("a comment belongs above the commands, not into their output") }
            output.append(line)
            next += 1
        }
        return output
    }

    private var line: String? { next < lines.count ? lines[next] : nil }

    /// An error at the next line, or at the end of the file.
    func error(_ message: String) -> ScriptError { ScriptError(file: file, line: next + 1, message: message) }
}

extension String {
    /// Whether the line separates commands from their output.
    fileprivate var isRule: Bool { self == "---" || (hasPrefix("--- ") && count > 4) }
}
