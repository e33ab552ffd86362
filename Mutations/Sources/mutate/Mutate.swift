import ArgumentParser
import Foundation
import Synchronization

@main
struct Mutate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mutate",
        abstract: "Breaks one promise after the other in a copy of the package, and tells which test notices.",
        discussion: """
            Run it in the root of the repository. The lists are in Tests/Mutations.

            Exit codes: 0 when 97 of 100 mutations are killed by a test that the list names and all compile; 1 otherwise.
            """)

    @Option(help: "Only mutations whose LIST/NAME matches this regular expression.") var filter: String?
    @Option(help: "How many runs at a time.") var jobs = 2
    @Option(help: "Seconds after which a run is killed.") var limit = 240
    @Option(help: "The Markdown file whose table is to be written anew.") var report: String?
    @Option(help: "Where the copy is kept.") var scratch = ".build/mutated"
    @Flag(help: "Only check that every snippet is found.") var check = false
    @Option(help: "The test program of a copy that is built already; nothing is written or built.") var built: String?
    @Flag(help: "Do not look first whether every test passes without a mutation.") var skipSound = false
    @Flag(help: "Run the whole suite for each mutation that survives its own tests.") var all = false

    func run() throws {
        let root = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
        let mutations = try MutationList.readAll(in: root.appendingPathComponent("Tests/Mutations"))
        let package = MutatedPackage(root: root, copy: URL(fileURLWithPath: scratch, relativeTo: root))
        let broken = built == nil ? try prepare(package, mutations) : []
        if check { return print("\(mutations.count) mutations, all found") }

        let pattern = try filter.map { try Regex($0) }
        let chosen = mutations.filter { mutation in
            pattern.map { "\(mutation.list)/\(mutation.name)".contains($0) } ?? true
        }
        let tests = TestRun(program: built.map { URL(fileURLWithPath: $0) } ?? package.testProgram, limit: limit)
        if chosen.isEmpty { throw ValidationError("No mutation matches \(filter ?? "").") }
        let unsound = skipSound ? [] : unsoundFilters(tests, chosen)
        let verdicts = Mutex<[Int: Verdict]>([:])
        forEach(of: chosen) { index, mutation in
            let verdict = judge(mutation, tests, unsound, isBroken: broken.contains(mutation.name))
            verdicts.withLock { $0[index] = verdict }
            let seconds = String(format: "%.1f", verdict.seconds)
            let name = "\(mutation.list)/\(mutation.name)"
            say("\(verdict.kind.rawValue): \(name) \(seconds) s \(verdict.killers.prefix(3))")
        }
        let result = Report(verdicts: verdicts.withLock { all in all.sorted { $0.key < $1.key }.map(\.value) })
        print("\n\(result.table)\n\(result.summary)")
        if let report { try result.write(to: root.appendingPathComponent(report)) }
        if !result.isGood { throw ExitCode.failure }
    }

    /// Writes and builds the copy.
    ///
    /// - Returns: the names of mutations that do not compile, which are left out.
    private func prepare(_ package: MutatedPackage, _ mutations: [Mutation]) throws -> Set<String> {
        var broken: Set<String> = []
        while true {
            try package.write(mutations.filter { check || $0.equivalence == nil && !broken.contains($0.name) })
            if check { return [] }
            let culprits = try package.build(mutations)
            if culprits.isEmpty { return broken }
            print("these do not compile: \(culprits.sorted().joined(separator: ", "))")
            broken.formUnion(culprits)
        }
    }

    /// Calls `body` with each element and its index, on `jobs` threads.
    private func forEach<T: Sendable>(of elements: [T], _ body: @Sendable (Int, T) -> Void) {
        DispatchQueue.concurrentPerform(iterations: jobs) { job in
            for index in stride(from: job, to: elements.count, by: jobs) { body(index, elements[index]) }
        }
    }

    /// Returns the filters whose tests fail without a mutation. A failure of those tests proves nothing.
    private func unsoundFilters(_ tests: TestRun, _ mutations: [Mutation]) -> Set<String> {
        let filters = Set(mutations.flatMap(\.killers).map(\.filter)).sorted()
        let failures = Mutex<[String]>([])
        forEach(of: filters) { _, filter in
            let outcome = tests.run(filter, mutation: 0)
            let failed = outcome.failures + outcome.crashedIn
            let isEmpty = outcome.testCount == 0
            if isEmpty || outcome.isTooLong || !failed.isEmpty {
                let why = isEmpty ? "runs no test" : outcome.isTooLong ? "takes too long" : "fails: \(failed)"
                say("without a mutation, \(filter) \(why)")
                failures.withLock { $0.append(filter) }
            }
        }
        return Set(failures.withLock { $0 })
    }

    private func judge(
        _ mutation: Mutation, _ tests: TestRun, _ unsound: Set<String>, isBroken: Bool
    ) -> Verdict {
        if mutation.equivalence != nil { return Verdict(mutation, .equivalent) }
        if isBroken { return Verdict(mutation, .notCompiled) }
        var outcomes: [TestRun.Outcome] = []
        var filters: [String] = []
        for killer in mutation.killers where !filters.contains(killer.filter) { filters.append(killer.filter) }
        if filters.contains(where: unsound.contains) { return Verdict(mutation, .unsound) }
        if all { filters.append(".") }
        for filter in filters {
            // If a killer is the test of the whole suite and not of one check, run all checks.
            let names = mutation.killers.filter { $0.filter == filter }.map(\.name)
            let checks = names.contains { $0.hasSuffix(":") } ? [] : names
            outcomes.append(tests.run(filter, checks: checks, mutation: mutation.number))
        }
        return Verdict(mutation, outcomes)
    }
}

/// Prints a line immediately, from any thread.
private func say(_ line: String) { FileHandle.standardOutput.write(Data("\(line)\n".utf8)) }

extension Report {
    /// Whether the result is good enough for `make mutate`.
    var isGood: Bool {
        killedCount * 100 >= judgedCount * 97
            && !verdicts.contains { $0.kind == .notCompiled || $0.kind == .unsound }
    }
}
