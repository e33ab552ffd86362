import ArgumentParser
import KVDS

/// How a store is broken on purpose.
enum PlantedBug: String, CaseIterable, ExpressibleByArgument, Sendable {
    /// A commit is acknowledged before it is made, or its syncs do nothing.
    case earlyAcknowledgement = "early-acknowledgement"
    /// A batch is committed as two.
    case halfBatch = "half-batch"
    /// A failed commit is reported as a good one.
    case swallowedError = "swallowed-error"
    /// A commit tells a revision that was told before.
    case oldRevision = "old-revision"
    /// A read returns what the key held before.
    case staleRead = "stale-read"
    /// A condition is not looked at.
    case lostCondition = "lost-condition"
}

extension PlantedBug? {
    /// - Throws: when it is none of those that a kind is made to show.
    func require(_ shown: PlantedBug...) throws {
        if let self, !shown.contains(self) {
            throw ValidationError("This kind is not what shows \(self.rawValue).")
        }
    }
}

extension KeyValueStore {
    /// Commits as a store would that is broken so; what is not a matter of one commit is done right.
    func commit(_ batch: WriteBatch, _ bug: PlantedBug?) async throws(StoreError) -> CommitResult {
        switch bug {
        case .swallowedError:
            do throws(StoreError) {
                return try await commit(batch)
            } catch {
                return .committed(.zero, .durable)
            }
        case .halfBatch where batch.mutations.count > 1:
            var halves = (batch, WriteBatch(durability: batch.durability))
            let middle = batch.mutations.count / 2
            halves.0.mutations = Array(batch.mutations[..<middle])
            halves.1.mutations = Array(batch.mutations[middle...])
            let result = try await commit(halves.0)
            guard result.isCommitted else { return result }
            return try await commit(halves.1)
        default: return try await commit(batch)
        }
    }
}
