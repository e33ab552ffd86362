#if Command
import KVDS

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The small store whose bytes are changed. It is always the same, so that every process knows its contents.
enum FlipsStore {
    typealias State = [Bytes: Bytes]

    /// A byte of a file.
    struct Place {
        let file: String
        let offset: Int

        /// The kind of file, without its number.
        var kind: String {
            let name = file.split { $0 == "." || $0 == "-" }
            return file.hasPrefix("0") ? String(name.last ?? "") : String(name.first ?? "")
        }
    }

    /// The changes of each commit; nil deletes a key.
    private static let commits: [[(key: Bytes, value: Bytes?)]] = (0..<24).map { number in
        var changes: [(Bytes, Bytes?)] = (0..<4).map { index in
            let value = Array(repeating: UInt8(truncatingIfNeeded: number &* 7 &+ index), count: 20 + 30 * index)
            return (Bytes("key\((number * 5 + index * 3) % 40)"), Bytes(value))
        }
        if number % 5 == 3 { changes.append((Bytes("key\(number)"), nil)) }
        // Large enough to get its own pages in LMDB.
        if number == 6 { changes.append(("large", Bytes(Array(repeating: 0x4C, count: 6_000)))) }
        return changes
    }

    /// The contents of the store after each commit, indexed by revision.
    static let states: [State] = commits.reduce(into: [[:]]) { states, changes in
        var state = states[states.count - 1]
        for change in changes { state[change.key] = change.value }
        states.append(state)
    }

    /// Makes the store, with closed files of every kind.
    static func make(at path: String, _ backend: TortureBackend, isBroken: Bool) async throws {
        if isBroken { return try UncheckedStore.make(at: path) }
        for part in [commits[..<16], commits[16...]] {
            let store = try await backend.open(path, durability: .durable)
            for changes in part {
                try await store.write { batch in
                    for change in changes {
                        if let value = change.value {
                            batch.set(change.key, to: value)
                        } else {
                            batch.delete(change.key)
                        }
                    }
                }
            }
            try await store.close()
        }
    }

    /// Returns every byte of the files that hold data.
    static func places(in path: String) throws -> [Place] {
        let isData = { (name: String) in
            ["data.mdb", "lock.mdb", "CURRENT"].contains(name) || name.hasPrefix("MANIFEST")
                || name.hasSuffix(".sst") || name.hasSuffix(".log")
        }
        return try FileManager.default.contentsOfDirectory(atPath: path).filter(isData).sorted().flatMap { name in
            let length = try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")).count
            return (0..<length).map { Place(file: name, offset: $0) }
        }
    }

    /// Opens the store, reads all of it in every way, writes to it and closes it.
    static func outcome(at path: String, _ backend: TortureBackend, isBroken: Bool) async -> FlipOutcome {
        do throws(StoreError) {
            let store =
                isBroken ? try await UncheckedStore.open(path) : try await backend.open(path, durability: .durable)
            let outcome: FlipOutcome
            do throws(StoreError) {
                outcome = try await read(store)
            } catch {
                // Report the first error, not one of closing.
                try? await store.close()
                throw error
            }
            try await store.close()
            return outcome
        } catch {
            return FlipOutcome(kind: .error, detail: error.code.description)
        }
    }

    private static func read(_ store: any KeyValueStore) async throws(StoreError) -> FlipOutcome {
        var state: State = [:]
        var keys: [Bytes] = []
        for try await entry in store.entries() {
            state[entry.key] = entry.value
            keys.append(entry.key)
        }
        var reversed: [Bytes] = []
        for try await entry in store.entries(order: .reverse) { reversed.append(entry.key) }
        var isSame = keys == keys.sorted() && reversed == keys.reversed()
        for key in states[states.count - 1].keys {
            if try await store.get(key) != state[key] { isSame = false }
        }
        _ = try await store.inspector?.verifyAll { _ in }
        try await store.set("after", to: "1")
        if try await store.get("after") != "1" { isSame = false }
        guard isSame, let revision = states.lastIndex(of: state) else {
            return FlipOutcome(kind: .wrong, detail: "\(keys.count) keys")
        }
        return FlipOutcome(kind: revision == states.count - 1 ? .sound : .older, detail: "\(revision)")
    }
}
#endif
