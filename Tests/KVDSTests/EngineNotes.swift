@testable import KVDS

/// What a ``WatchedEngine`` is asked for, and how it is to answer.
final class EngineNotes: Sendable {
    struct Commit: Equatable {
        var revision: Revision
        var durability: Durability
    }

    struct State {
        /// Whether what may not wait is refused, as what lies on a disk is.
        var isCold = false
        /// Whether everything is refused until room is made.
        var mapFull = false
        /// The same for what is set in a transaction.
        var setsNeedRoom = false
        /// The key that cannot be set.
        var failingKey: Bytes?
        var failsCursors = false
        /// Called when the next transaction begins.
        var whenBegun: (@Sendable () -> Void)?

        var refusals = 0
        /// For each time that room was made, whether it was for a write.
        var rooms: [Bool] = []
        var begun = 0
        var ended = 0
        var commits: [Commit] = []
        /// How many there are now.
        var snapshots = 0
        var closings = 0
        /// What an engine can rely on, and was not so.
        var wrongs: [String] = []
    }

    /// What the engine takes; nil for what a memory engine takes.
    let limits: StoreLimits?
    private let state = Monitor(State())

    init(limits: StoreLimits? = nil) { self.limits = limits }

    var seen: State { state.withLock { $0 } }
    func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

    /// Notes a call, and refuses it where that was asked for.
    func admit(_ mayBlock: Bool) throws(StoreError) {
        let isInTask = isInTask
        let refusal = state.withLock { state -> StoreError.Code? in
            if mayBlock, isInTask { state.wrongs.append("what may wait runs on the thread of a task") }
            return state.refusal(mayBlock)
        }
        if let refusal { throw StoreError(refusal, "Not now.") }
    }

    /// Notes that `key` is set, and refuses it where that was asked for.
    func admit(setting key: Bytes) throws(StoreError) {
        let refusal = state.withLock { state -> StoreError.Code? in
            if state.setsNeedRoom { return state.refuse(.mapFull) }
            return state.failingKey == key ? .ioFailure : nil
        }
        if let refusal { throw StoreError(refusal, "It cannot be set.") }
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

    /// Whether this is the thread of a task, which must not wait.
    private var isInTask: Bool { unsafe withUnsafeCurrentTask { unsafe $0 != nil } }
}

extension EngineNotes.State {
    /// - Returns: what a call is refused with; nil when it is not.
    fileprivate mutating func refusal(_ mayBlock: Bool) -> StoreError.Code? {
        if mapFull { return refuse(.mapFull) }
        return isCold && !mayBlock ? refuse(.wouldBlock) : nil
    }

    /// Who asks again without doing what it is told would ask for ever.
    fileprivate mutating func refuse(_ code: StoreError.Code) -> StoreError.Code {
        refusals += 1
        return refusals > 100 ? .ioFailure : code
    }
}
