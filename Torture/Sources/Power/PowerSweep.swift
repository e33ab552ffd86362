#if Command
import Foundation
import KVDS
import KVDSTesting

/// Recorded runs and images of each, opened by processes that may die of them.
struct PowerSweep {
    let backend: TortureBackend
    let durability: TortureDurability
    let bug: PlantedBug?

    func go(_ run: inout Run) async throws {
        var images = 0
        while let round = run.nextRound() {
            if round % PowerCommand.imagesOfARun != 0 { continue }
            // The lowest bit selects which directories a dead process has left, so that successive runs differ.
            let seed = run.random.next() & ~1 | UInt64(round / PowerCommand.imagesOfARun & 1)
            let left = run.plannedRounds.map { $0 - round } ?? .max
            let count = min(left, PowerCommand.imagesOfARun)
            let directory = "\(run.directory)/\(round)"
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try record(directory, seed)
            try open(directory, seed, count, &run)
            try FileManager.default.removeItem(atPath: directory)
            images += count
            run.note("images", images)
        }
    }

    private func child(_ directory: String, _ seed: UInt64, _ more: [String]) throws -> CaseProcess {
        let broken = bug.map { ["--broken", $0.rawValue] } ?? []
        return try CaseProcess(
            [
                "power-child", "--backend", backend.rawValue, "--durability", durability.rawValue, "--directory",
                directory, "--seed", "\(seed)",
            ] + broken + more)
    }

    private func record(_ directory: String, _ seed: UInt64) throws {
        let line = try child(directory, seed, []).nextLine(within: .seconds(120))
        try require(line == "recorded", "The run of seed \(seed) could not be recorded: \(line ?? "it crashed").")
    }

    private func open(_ directory: String, _ seed: UInt64, _ count: Int, _ run: inout Run) throws {
        var number = 0
        while number < count {
            let child = try child(directory, seed, ["--first", "\(number)", "--count", "\(count)"])
            var isAtCopy = false
            while number < count, let line = child.nextLine() {
                if line == PowerImage.looksAtCopy || line == PowerImage.looksAtStore {
                    isAtCopy = line == PowerImage.looksAtCopy
                    continue
                }
                if line.hasPrefix("broken ") {
                    throw BrokenPromise("Image \(number) of seed \(seed): \(line.dropFirst(7))")
                }
                run.count(line)
                number += 1
            }
            if number == count { return }
            // A damaged map can crash the process. That is allowed only where nothing is guaranteed for the file.
            try require(
                backend == .lmdb && durability == .buffered && child.hang == nil && !isAtCopy,
                "Image \(number) of seed \(seed): the process \(child.hang.map { "hangs:\($0)" } ?? "crashed.")")
            run.count("unpromised-crashes")
            number += 1
        }
    }
}
#endif
