import Foundation
import KVDS
import KVDSTesting

/// One image that a loss of power could have left of a recorded run.
struct PowerImage {
    /// What became of it.
    enum Verdict: String {
        /// All that is promised is there.
        case sound
        /// Not everything is there, and it was not promised: LMDB after buffered commits.
        case unpromised
    }

    /// What is said before each is opened: a process may die of the one, and of the other it must not.
    static let looksAtCopy = "copy"
    static let looksAtStore = "store"

    let workload: PowerWorkload
    let history: PowerHistory
    let records: [IORecord]
    let log: [UInt8]
    /// Where the run was recorded.
    let root: String
    let seed: UInt64

    /// Makes the image at `path`, opens the store in it and looks.
    func check(at path: String) async throws -> Verdict {
        var random = SplitMix64(seed: seed)
        let cut = history.cut(&random)
        // RocksDB renames CURRENT without having synced the name of the manifest in it: it relies on a journal.
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
            // See Documentation/Contract.md, 3: there LMDB promises nothing of the file.
            if workload.backend == .lmdb, promised.hasBuffered { return .unpromised }
            let story = "Cut before record \(cut) of \(records.count), revision \(promised.revision) acknowledged"
            throw BrokenPromise("\(story): \(error)")
        }
    }

    /// Of a backup that was made everything is there, whatever had been promised of the store.
    private func lookAtCopy(at path: String, _ revision: UInt64) async throws {
        do {
            let copy = try await workload.backend.openSmall(path, .durable)
            let entries = try await copy.all()
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

    /// An export that was made is there, whole.
    private func lookAtExport(_ path: String, _ revision: UInt64) throws {
        let found = FileManager.default.contents(atPath: path).map(Array.init)
        let isWhole = try history.states.contains { state in
            try state.revision == revision && PowerWorkload.rows(state.entries) == found
        }
        try require(isWhole, "The export of revision \(revision) was made, and then the power failed: it is not whole.")
    }

    private func look(at path: String, _ promised: UInt64) async throws {
        let store = try await workload.backend.openSmall(path, .durable)
        let entries = try await store.all()
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
