/// The result of a mutation.
struct Verdict: Sendable {
    enum Kind: String, Sendable {
        /// A test named in the list failed, or the program crashed in it.
        case killed
        /// The program crashed in other tests.
        case crashed
        /// Only other tests failed.
        case killedByOthers = "killed by others"
        /// A time limit ended the run.
        case tooLong = "too long"
        case survived
        case equivalent
        case notCompiled = "does not compile"
        /// The tests also fail without the mutation.
        case unsound
    }

    var mutation: Mutation
    var kind: Kind
    /// The tests that failed.
    var killers: [String] = []
    var seconds = 0.0

    /// Derives the verdict from the runs of the mutation's tests.
    init(_ mutation: Mutation, _ outcomes: [TestRun.Outcome]) {
        self.mutation = mutation
        let failures = outcomes.flatMap(\.failures)
        let crashes = outcomes.flatMap(\.crashedIn)
        let named = mutation.killers.map(\.name).filter { name in
            (failures + crashes).contains { Verdict.is($0, name) }
        }
        seconds = outcomes.reduce(0) { $0 + $1.seconds }
        if !named.isEmpty {
            (kind, killers) = (.killed, named)
        } else if !failures.isEmpty {
            (kind, killers) = (.killedByOthers, failures)
        } else if !crashes.isEmpty {
            (kind, killers) = (.crashed, crashes)
        } else {
            kind = outcomes.contains { $0.isTooLong } ? .tooLong : .survived
        }
    }

    init(_ mutation: Mutation, _ kind: Kind) {
        self.mutation = mutation
        self.kind = kind
    }

    private static func `is`(_ failure: String, _ name: String) -> Bool {
        failure == name || failure.trimmingSuffix(":") == name.trimmingSuffix(":")
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: Character) -> Substring { last == suffix ? dropLast() : self[...] }
}
