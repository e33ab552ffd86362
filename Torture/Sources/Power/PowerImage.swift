#if Command
import Foundation
import KVDS
import KVDSTesting

/// One image that a power failure could have left of a recorded run.
struct PowerImage {
    /// The result of checking the image.
    enum Verdict: String {
        /// Everything guaranteed is present.
        case sound
        /// Something is missing that was not guaranteed: LMDB after buffered commits.
        case unpromised
    }

    /// Reported before each is opened: a process must not die of the copy, but may die of the store.
    static let looksAtCopy = "copy"
    static let looksAtStore = "store"

    let workload: PowerWorkload
    let history: PowerHistory
    let records: [IORecord]
    let log: [UInt8]
    /// The directory in which the run was recorded.
    let root: String
    let seed: UInt64

    /// Makes the image at `path`, opens the store in it and checks its contents.
    func check(at path: String) async throws -> Verdict {
        var random = SplitMix64(seed: seed)
        let cut = history.cut(&random)
        // RocksDB renames CURRENT before it syncs the name of the manifest in it, so it relies on a journal.
        var disk = DiskModel(
            root: root, log: log, seed: random.next(),
            keepsOrderOfNames: workload.backend == .rocksdb ? true : nil)
        for record in records[..<cut] { disk.replay(record) }
        try disk.write(to: path)
        let promised = history.require(at: cut)
        if let revision = history.revision(of: .exported, at: cut) {
            try lookAtExport(PowerWorkload.export(of: "\(path)/stores/store"), revision)
        }
        if let revision = history.revision(of: .backedUp, at: cut) {
            Output.say(PowerImage.looksAtCopy)
            try await lookAtCopy(at: PowerWorkload.copy(of: "\(path)/stores/store"), revision)
            Output.say(PowerImage.looksAtStore)
        }
        do {
            try await look(at: "\(path)/stores/store", promised.revision)
            return .sound
        } catch {
            // In this case LMDB guarantees nothing; see Documentation/Contract.md, 3.
            if workload.backend == .lmdb, promised.hasBuffered { return .unpromised }
            let story = "Cut before record \(cut) of \(records.count), revision \(promised.revision) acknowledged"
            throw BrokenPromise("\(story): \(error)")
        }
    }

    /// Checks a completed backup. It must be complete, whatever was guaranteed for the store.
    private func lookAtCopy(at path: String, _ revision: UInt64) async throws {
        do {
            let copy = try await workload.backend.openSmall(path, .durable)
            let entries = try await copy.list()
            let found = try await copy.statistics().engine.revision.rawValue
            try require(found == revision, "The copy is of revision \(found).")
            try require(
                history.states.contains { $0.revision == revision && $0.entries == entries },
                "The copy holds what revision \(revision) did not.")
            try await copy.close()
        } catch {
            throw BrokenPromise("The backup of revision \(revision) was made, and then the power failed: \(error)")
        }
    }

    /// Checks that a completed export is complete.
    private func lookAtExport(_ path: String, _ revision: UInt64) throws {
        let found = FileManager.default.contents(atPath: path).map(Array.init)
        let isWhole = try history.states.contains { state in
            try state.revision == revision && PowerWorkload.rows(state.entries) == found
        }
        try require(isWhole, "The export of revision \(revision) was made, and then the power failed: it is not whole.")
    }

    private func look(at path: String, _ promised: UInt64) async throws {
        let store = try await workload.backend.openSmall(path, .durable)
        let entries = try await store.list()
        let revision = try await store.statistics().engine.revision.rawValue
        let found = history.states.filter { $0.entries == entries }
        try require(!found.isEmpty, "A batch is there by half, at revision \(revision).")
        try require(
            found.contains { $0.revision >= promised },
            "Revision \(found.last?.revision ?? 0) is there: commits are lost.")
        try require(
            found.contains { $0.revision == revision }, "The store says revision \(revision), which is another state.")
        _ = try await store.verify { _ in }
        let next = try await store.commit(.setting("after", to: "1"))
        try require(next.revision.map { $0.rawValue > revision } ?? false, "The next commit has no later revision.")
        try await store.close()
    }
}
#endif
