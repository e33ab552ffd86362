#if Command
import Foundation
import KVDS
import KVDSTesting

/// Every fault at every call of the small workload, or a random selection, each in a process that may die of it.
struct FaultSweep {
    let backend: TortureBackend
    let durability: TortureDurability
    let bug: PlantedBug?
    /// Whether to continue after a broken promise and report all of them.
    let findsAll: Bool

    /// The number of calls varies slightly between runs because of RocksDB's own threads.
    private static let margin = 5

    func go(_ run: inout Run) async throws {
        let count = try await trial("\(run.directory)/count").countCalls()
        try? FileManager.default.removeItem(atPath: "\(run.directory)/count")
        run.note("calls", count[.inputOutput] ?? 0)
        var faults = cases(count)
        if run.plannedRounds != .max { faults.shuffle(using: &run.random) }

        var found: [BrokenPromise] = []
        var child: CaseProcess?
        var number = 0
        while number < faults.count, run.nextRound() != nil {
            let fault = faults[number]
            let current = try child ?? start(in: run.directory)
            do {
                child = try await attempt(fault, number, current, &run) ? current : nil
            } catch let error as BrokenPromise where findsAll {
                print("A promise is broken: \(error)")
                found.append(error)
                child = nil
            }
            number += 1
        }
        if let first = found.first { throw first }
    }

    private func trial(_ path: String) -> FaultTrial {
        FaultTrial(backend: backend, durability: durability, bug: bug, path: path)
    }

    private func cases(_ count: [Fault.Kind: Int]) -> [Fault] {
        Fault.Kind.allCases.flatMap { kind in
            (1...(count[kind] ?? 0) + Self.margin).flatMap { nth in
                [Fault(kind, nth)] + (kind.kills ? [] : [Fault(kind, nth, stays: true)])
            }
        }
    }

    private func start(in directory: String) throws -> CaseProcess {
        let broken = bug.map { ["--broken", $0.rawValue] } ?? []
        return try CaseProcess(
            [
                "faults-child", "--backend", backend.rawValue, "--durability", durability.rawValue, "--directory",
                directory,
            ] + broken)
    }

    /// Tries one fault.
    ///
    /// - Returns: whether the process can try another one.
    private func attempt(
        _ fault: Fault, _ number: Int, _ child: CaseProcess, _ run: inout Run
    ) async throws -> Bool {
        child.send("\(number) \(fault)")
        let path = "\(run.directory)/\(number)"
        var story: [String] = []
        while let line = child.nextLine() {
            if line.hasPrefix("broken ") { throw BrokenPromise("\(fault): \(line.dropFirst(7))") }
            if line.hasPrefix("ok ") {
                run.count(line == "ok -" ? "not-reached" : fault.kind.rawValue)
                try? FileManager.default.removeItem(atPath: path)
                return true
            }
            story.append(line)
        }
        if let hang = child.hang { throw BrokenPromise("\(fault): the store said nothing for a minute:\(hang)") }
        try require(fault.kind.kills, "\(fault): the process crashed.")
        do {
            try await trial(path).examine(story)
        } catch let error as BrokenPromise {
            throw BrokenPromise("\(fault): \(error)")
        }
        run.count(fault.kind.rawValue)
        try? FileManager.default.removeItem(atPath: path)
        return false
    }
}
#endif
