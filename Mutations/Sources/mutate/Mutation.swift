/// A change to one source file that breaks one promise. Tests/Mutations/README.md describes the format.
struct Mutation: Sendable {
    /// How the new code replaces the old code.
    enum Form: String, Sendable {
        case expression
        case statement
    }

    /// A test that must fail.
    struct Killer: Hashable, Sendable {
        /// The display name of the test, or the name of a check of the conformance suite.
        var name: String
        /// The `--filter` argument that runs it.
        var filter: String
    }

    var name: String
    /// The name of its list, without folder and extension.
    var list: String
    /// The path from the root of the repository.
    var file = ""
    var promise = ""
    var killers: [Killer] = []
    /// Why no test can detect the mutation, or nil if one can.
    var equivalence: String?
    /// A text before the snippet; the snippet is searched for after it.
    var anchor: String?
    var form = Form.expression
    var old: [String] = []
    var new: [String] = []

    /// Selects the mutation at run time. The number is a hash of the name (FNV-1a), so that a new mutation does not
    /// change the code of others.
    var number: Int { Int(name.utf8.reduce(2_166_136_261 as UInt32) { ($0 ^ UInt32($1)) &* 16_777_619 }) }

    /// The target that the mutation changes: the first two components of the path.
    var targetFolder: String { file.split(separator: "/").prefix(2).joined(separator: "/") }
}

struct MutationError: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}
