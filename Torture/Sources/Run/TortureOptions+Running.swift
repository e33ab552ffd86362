#if Command
import ArgumentParser
import KVDS

extension TortureOptions {
    /// Runs `body` as one run of a subcommand, and reports the result.
    ///
    /// - Parameters:
    ///   - kind: the subcommand's name.
    ///   - facts: the settings that distinguish this run from others of its kind, in order, for example `["backend":
    ///     "lmdb"]`.
    ///   - rounds: the number of rounds if the options give neither rounds nor minutes.
    ///   - broken: how the store is broken on purpose. If not nil, a ``BrokenPromise`` is the expected result.
    /// - Throws: `ExitCode` if a promise is broken, or if the broken store was not detected.
    func run(
        _ kind: String, _ facts: KeyValuePairs<String, String>, rounds: Int, broken: String? = nil,
        _ body: (inout Run) async throws -> Void
    ) async throws {
        let seed = seed ?? .random(in: 0 ... .max)
        let names = facts.map { "\($0)=\($1)" } + (broken.map { ["broken=\($0)"] } ?? [])
        let title = "\(kind) \(names.joined(separator: " "))"
        print("seed \(seed): \(title)")
        let place = try TortureDirectory(directory, title: names.joined(separator: "-"))
        var run = Run(self, seed: seed, directory: place.path, rounds: rounds)
        let start = ContinuousClock.now
        var failure: (any Error)?
        do { try await body(&run) } catch { failure = error }

        let took = (ContinuousClock.now - start) / .milliseconds(1)
        var figures = ["seed=\(seed)"] + run.figures.map { "\($0)=\($1)" }
        figures.append("seconds=\((took / 10).rounded() / 100)")
        if broken == nil {
            figures.append("faults-found=\(failure == nil ? 0 : 1)")
        } else {
            figures.append("caught=\(failure is BrokenPromise ? 1 : 0)")
        }
        if let failure { report(failure, broken: broken, kept: place.path) }
        print("TORTURE \(title) \(figures.joined(separator: " "))")

        let isWell = broken == nil ? failure == nil : failure is BrokenPromise
        guard isWell else {
            if broken != nil, failure == nil { print("The broken store was not caught.") }
            throw ExitCode(1)
        }
        place.remove()
    }

    private func report(_ failure: any Error, broken: String?, kept path: String) {
        switch failure {
        case let failure as BrokenPromise where broken != nil: print("caught: \(failure)")
        case let failure as BrokenPromise: print("A promise is broken: \(failure)\nThe files are kept: \(path)")
        case let failure as StoreError:
            print("An error that was not expected: \(failure.code): \(failure)\nThe files are kept: \(path)")
        default: print("An error that was not expected: \(failure)\nThe files are kept: \(path)")
        }
    }
}
#endif
