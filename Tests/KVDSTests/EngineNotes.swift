@testable import KVDS

/// Records the calls to a ``WatchedEngine`` and controls its answers.
final class EngineNotes: Sendable {
    struct Commit: Equatable {
        var revision: Revision
        var durability: Durability
    }

    struct State {
        /// Whether non-blocking calls are refused, as for data on a disk.
        var isCold = false
        /// Whether all calls are refused until the map grows.
        var mapFull = false
        /// The same for sets in a transaction.
        var setsNeedRoom = false
        /// A key that cannot be set.
        var failingKey: Bytes?
        var failsCursors = false
        /// The errors of the next transaction's beginning and commit.
        var beginError: EngineError?
        var commitError: EngineError?
        /// Called when the next transaction begins.
        var whenBegun: (@Sendable () -> Void)?

        var refusals = 0
        /// One element for each growth: whether it was for a write.
        var rooms: [Bool] = []
        var begun = 0
        var ended = 0
        var commits: [Commit] = []
        /// The number of open snapshots.
        var snapshots = 0
        var closings = 0
        /// Violations of what an engine can rely on.
        var wrongs: [String] = []
    }

    fileprivate static let failure = EngineError.failed(StoreError(.ioFailure, "Not now."))

    /// The limits of the engine; nil for those of a memory engine.
    let limits: StoreLimits?
    private let state = Monitor(State())

    init(limits: StoreLimits? = nil) { self.limits = limits }

    var seen: State { state.withLock { $0 } }
    func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

    /// Records a call, and refuses it if requested.
    func admit(_ mayBlock: Bool) throws(EngineError) {
        let isInTask = isInTask
        let refusal = state.withLock { state -> EngineError? in
            if mayBlock, isInTask { state.wrongs.append("what may wait runs on the thread of a task") }
            return state.refusal(mayBlock)
        }
        if let refusal { throw refusal }
    }

    /// Records that the engine is opened, which may block.
    func open() {
        if isInTask { change { $0.wrongs.append("what may wait runs on the thread of a task") } }
    }

    /// Records that `key` is set, and refuses the call if requested.
    func admit(setting key: Bytes) throws(EngineError) {
        let refusal = state.withLock { state -> EngineError? in
            if state.setsNeedRoom { return state.refuse(.mapFull) }
            return state.failingKey == key ? Self.failure : nil
        }
        if let refusal { throw refusal }
    }

    /// Throws the planned error of a call once.
    func throwPlanned(_ path: any WritableKeyPath<State, EngineError?> & Sendable) throws(EngineError) {
        let error = state.withLock { state -> EngineError? in
            defer { state[keyPath: path] = nil }
            return state[keyPath: path]
        }
        if let error { throw error }
    }

    func madeRoom(_ forWriting: Bool) {
        change { state in
            state.rooms.append(forWriting)
            state.mapFull = false
            state.setsNeedRoom = false
        }
    }

    func began() {
        let body = state.withLock { state in
            if state.begun > state.ended { state.wrongs.append("a transaction begins before the last one has ended") }
            state.begun += 1
            defer { state.whenBegun = nil }
            return state.whenBegun
        }
        body?()
    }

    func committed(_ revision: Revision, _ durability: Durability) {
        let isInTask = isInTask
        change { state in
            if isInTask, durability == .durable { state.wrongs.append("a task's thread waits for a durable commit") }
            state.commits.append(Commit(revision: revision, durability: durability))
        }
    }

    func closed() {
        change { state in
            if state.snapshots > 0 { state.wrongs.append("\(state.snapshots) snapshots are there when it is closed") }
            state.closings += 1
        }
    }

    /// Whether this is the thread of a task, which must not block.
    private var isInTask: Bool { unsafe withUnsafeCurrentTask { unsafe $0 != nil } }
}

extension EngineNotes.State {
    /// - Returns: the error with which the call is refused, or nil.
    fileprivate mutating func refusal(_ mayBlock: Bool) -> EngineError? {
        if mapFull { return refuse(.mapFull) }
        return isCold && !mayBlock ? refuse(.wouldBlock) : nil
    }

    /// After 100 refusals fails with another error, so that a caller that only retries does not loop forever.
    fileprivate mutating func refuse(_ signal: EngineError) -> EngineError {
        refusals += 1
        return refusals > 100 ? EngineNotes.failure : signal
    }
}
