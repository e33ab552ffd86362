/// One change to one source file that breaks one promise. The lists in `Tests/Mutations` describe the format.
struct Mutation: Sendable {
    /// How the new code takes the place of the old one.
    enum Form: String, Sendable {
        case expression
        case statement
    }

    /// A test that must fail.
    struct Killer: Hashable, Sendable {
        /// The test's display name, or that of a check of the conformance suite.
        var name: String
        /// What `--filter` is given to run it.
        var filter: String
    }

    var name: String
    /// The list it is from, without folder and extension.
    var list: String
    /// From the root of the repository.
    var file = ""
    var promise = ""
    var killers: [Killer] = []
    /// Why no test can notice it; nil for all others.
    var equivalence: String?
    /// The snippet is searched for behind this text.
    var anchor: String?
    var form = Form.expression
    var old: [String] = []
    var new: [String] = []

    /// Selects it at run time. It follows from the name (FNV-1a), so that a new mutation does not change the code of
    /// others.
    var number: Int { Int(name.utf8.reduce(2_166_136_261 as UInt32) { ($0 ^ UInt32($1)) &* 16_777_619 }) }

    /// The target whose sources it changes: the first two parts of the path.
    var targetFolder: String { file.split(separator: "/").prefix(2).joined(separator: "/") }
}

struct MutationError: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}
