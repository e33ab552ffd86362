import KVDS
import Testing

@testable import KVDSTesting

@Suite("Scripts")
struct ScriptTests {
    private static let head = "# a name\n#\n# An explanation.\n\n"

    private typealias Mistake = (text: String, message: String)

    private static let malformed: [Mistake] = [
        ("", "1: a script begins with its name: # NAME"),
        ("t1: get a\n---\n", "1: a script begins with its name: # NAME"),
        ("# a name\n\nt1: get a\n---\n", "2: an explanation must follow the name, as a comment"),
        ("# \(String(repeating: "x", count: 91))\n# Why.\n", "1: the name has 91 characters, which is more than 90"),
        ("\(head)", "5: the script has no commands"),
        ("\(head)---\n", "5: there are no commands before ---"),
        ("\(head)t1: get a\n", "6: a line --- must follow the commands"),
        ("\(head)t1: get a\n\n---\n", "6: a line --- must follow the commands"),
        ("\(head)t1: get a\n---\nx\n---\n", "8: the block has another output \"---\""),
        ("\(head)a\n--- b\nx\n--- b\n", "8: the block has another output \"--- b\""),
        ("\(head)a\n---\nx\n# y\n", "8: a comment belongs above the commands, not into their output"),
    ]

    @Test("a malformed script has an error with its file, line and reason")
    func errors() throws {
        for (text, message) in Self.malformed {
            let error = try #require(throws: ScriptError.self, "\(text)") { try Script(text, file: "s.txt") }
            #expect(error.description == "s.txt:\(message)")
        }
    }

    private static let unknown: [Mistake] = [
        ("t1: fly x", "5: \"fly x\" is no command"),
        ("get x", "5: \"get x\" is no command"),
        ("t0: get x", "5: \"t0: get x\" is no command"),
        ("t1: set x=1+", "5: \"set x=1+\" is no command"),
        ("t1: set x=1 if x", "5: \"set x=1 if x\" is no command"),
        ("store x", "5: \"x\" is no entry"),
        ("t1: commit\nt1: get x", "6: t1 has ended"),
        ("t1: get x", "5: t1 does not end"),
        ("t2: commit", "5: t1 does not begin"),
    ]

    @Test("a command that an anomaly's script cannot have is an error with its line")
    func unknownCommands() throws {
        for (command, message) in Self.unknown {
            let script = try Script("\(Self.head)\(command)\n---\n", file: "s.txt")
            let error = try #require(throws: ScriptError.self, "\(command)") { try Interleaving(script) }
            #expect(error.description == "s.txt:\(message)")
        }
    }

    @Test("a command that a lock table's script cannot have is an error with its line")
    func unknownLockCommands() throws {
        let mistakes: [Mistake] = [
            ("lock", "5: \"lock\" is no command"),
            ("t1: fly k", "5: \"fly k\" is no command"),
            ("t1: cancel k", "5: \"cancel k\" is no command"),
        ]
        for (command, message) in mistakes {
            var table = LockTableScript(try Script("\(Self.head)\(command)\n---\n", file: "s.txt"))
            let error = try #require(throws: ScriptError.self, "\(command)") { try table.run() }
            #expect(error.description == "s.txt:\(message)")
        }
    }

    @Test("a command that a script of transactions cannot have is an error with its line")
    func unknownTransactionCommands() async throws {
        let mistakes: [Mistake] = [
            ("start", "5: \"start\" is no command"),
            ("t1: fly k", "5: \"fly k\" is no command"),
            ("store: fly k", "5: \"store: fly k\" is no command"),
            ("t1: scan * limit few", "5: \"scan * limit few\" is no command"),
            ("o1: get k", "5: \"o1: get k\" is no command"),
        ]
        for (command, message) in mistakes {
            let script = try Script("\(Self.head)\(command)\n---\n", file: "s.txt")
            let error = await #expect(throws: ScriptError.self, "\(command)") {
                try await TransactionScript(script, MemoryStore()).run()
            }
            #expect(error?.description == "s.txt:\(message)")
        }
    }

    @Test("a script has a name, and blocks of commands with their outputs and line numbers")
    func blocks() throws {
        let script = try Script("\(Self.head)# Here.\na\nb\n---\nx\n\nc\n--- v\ny\nz\n--- w\n", file: "s.txt")
        #expect(script.name == "a name")
        #expect(script.commands.map(\.text) == ["a", "b", "c"])
        #expect(script.commands.map(\.number) == [6, 7, 11])
        #expect(script.blocks[0].outputs == [Script.Output(variant: "", lines: ["x"])])
        #expect(
            script.blocks[1].outputs
                == [Script.Output(variant: "v", lines: ["y", "z"]), Script.Output(variant: "w", lines: [])])
    }

    @Test("a difference shows the expected and the observed lines with file and line number")
    func difference() throws {
        let script = try Script("\(Self.head)a\nb\n---\na 1\nb 2\n\nc\n---\nc 3\n", file: "s.txt")
        let expected = [["a 1", "b 2"], ["c 3"]]
        #expect(script.difference(from: expected.map { [Script.Output(variant: "", lines: $0)] }) == nil)
        let observed = [["a 1", "b 5", "b 6"], ["c 3"]].map { [Script.Output(variant: "", lines: $0)] }
        #expect(
            script.difference(from: observed) == """
                s.txt:9: - is expected, + was observed
                     6  b
                     7  ---
                     8  a 1
                -    9  b 2
                +       b 5
                +       b 6
                    10
                    11  c
                    12  ---
                """)
        let rewritten = try Script(script.text(with: observed), file: "s.txt")
        #expect(rewritten.difference(from: observed) == nil)
        #expect(rewritten.lines.prefix(5) == script.lines.prefix(5))
    }

    @Test("outputs of variants that did not run stay as they are")
    func variants() throws {
        let script = try Script("\(Self.head)a\n--- v\n1\n--- w\n2\n", file: "s.txt")
        #expect(script.difference(from: [[Script.Output(variant: "w", lines: ["2"])]]) == nil)
        let observed = [Script.Output(variant: "w", lines: ["3"]), Script.Output(variant: "x", lines: [])]
        #expect(script.text(with: [observed]) == "\(Self.head)a\n--- v\n1\n--- w\n3\n--- x\n")
        let new = try Script("\(Self.head)a\n---\n", file: "s.txt")
        #expect(new.text(with: [[Script.Output(variant: "v", lines: ["1"])]]) == "\(Self.head)a\n--- v\n1\n")
    }
}
