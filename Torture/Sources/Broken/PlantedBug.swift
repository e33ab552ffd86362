#if Command
import ArgumentParser
import KVDS

/// A bug planted in a store on purpose.
enum PlantedBug: String, CaseIterable, ExpressibleByArgument, Sendable {
    /// Acknowledges a commit before it is made, or makes syncs do nothing.
    case earlyAcknowledgement = "early-acknowledgement"
    /// Commits a batch as two commits.
    case halfBatch = "half-batch"
    /// Reports a failed commit as successful.
    case swallowedError = "swallowed-error"
    /// Returns the revision of an earlier commit.
    case oldRevision = "old-revision"
    /// Returns the previous value from a read.
    case staleRead = "stale-read"
    /// Ignores the conditions of a batch.
    case lostCondition = "lost-condition"
}

extension PlantedBug? {
    /// - Throws: if the bug is not among those that the subcommand can detect.
    func require(_ shown: PlantedBug...) throws {
        if let self, !shown.contains(self) {
            throw ValidationError("This kind is not what shows \(self.rawValue).")
        }
    }
}

extension KeyValueStore {
    /// Commits like a store with this bug. Bugs that concern more than a single commit have no effect.
    func commit(_ batch: WriteBatch, _ bug: PlantedBug?) async throws(StoreError) -> CommitResult {
        switch bug {
        case .swallowedError:
            do throws(StoreError) {
                return try await commit(batch)
            } catch {
                return .committed(revision: .zero, durability: .durable)
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
#endif
