/// A script in the library, from a file in `Sources/KVDSTesting/Scripts`.
struct EmbeddedScript: Sendable {
    /// The name of the script, or of what it shows.
    let name: String
    private let bytes: [UInt8]

    init(_ name: String, _ bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    func script() throws(ScriptError) -> Script { try Script(text, file: "the script") }

    func interleaving() throws(ScriptError) -> Interleaving { try Interleaving(try script()) }
}
