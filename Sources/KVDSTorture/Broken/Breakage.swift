import ArgumentParser

/// How a store is broken on purpose.
enum Breakage: String, CaseIterable, ExpressibleByArgument, Sendable {
    /// A commit is acknowledged before it is made.
    case earlyAcknowledgement = "early-acknowledgement"
    /// A batch is committed as two.
    case halfBatch = "half-batch"
    /// A commit tells a revision that was told before.
    case oldRevision = "old-revision"
    /// A read returns what the key held before.
    case staleRead = "stale-read"
    /// A condition is not looked at.
    case lostCondition = "lost-condition"
}
