/// The commits that wait, and whether the store takes any: a pure state machine, kept behind a lock by ``EmbeddedStore``.
///
/// A group is whatever arrived while the one before it was being synced: no timer, no tuning. A cap keeps the latency of
/// a group bounded.
struct CommitQueue {
    /// A batch and the caller who awaits its result.
    struct Request: Sendable {
        let batch: WriteBatch
        let caller: CheckedContinuation<Result<CommitResult, StoreError>, Never>
    }

    enum Lifecycle {
        case open
        /// A commit ended with an unknown outcome: no more writes until the store is reopened.
        case poisoned
        case closing
        case closed
    }

    /// What the caller must do after handing in a commit.
    enum Admission {
        /// Nothing: a group is being committed, and the batch will be in the next.
        case queued
        /// Start draining the queue.
        case startDraining
        /// Commit it at once, then call ``finishInline()``.
        case commitInline
        case refused(Lifecycle)
    }

    static let maximumGroupCount = 1_000
    static let maximumGroupWeight = 1 << 20

    private(set) var lifecycle = Lifecycle.open
    private var waiting: [Request] = []
    private var isCommitting = false

    /// How many commits wait for a group.
    var waitingCount: Int { waiting.count }

    /// Asks to commit without queueing, which is possible while nothing else is being committed.
    mutating func admitInline() -> Admission {
        guard lifecycle == .open else { return .refused(lifecycle) }
        if isCommitting { return .queued }
        isCommitting = true
        return .commitInline
    }

    /// Ends an inline commit.
    ///
    /// - Returns: whether the queue must be drained.
    mutating func finishInline() -> Bool {
        isCommitting = !waiting.isEmpty
        return isCommitting
    }

    mutating func admit(_ request: Request) -> Admission {
        guard lifecycle == .open else { return .refused(lifecycle) }
        waiting.append(request)
        if isCommitting { return .queued }
        isCommitting = true
        return .startDraining
    }

    /// The next group, in the order of arrival; empty when nothing waits and draining is over.
    mutating func takeGroup() -> [Request] {
        var weight = 0
        var count = 0
        while count < waiting.count, count < Self.maximumGroupCount, weight < Self.maximumGroupWeight {
            weight += waiting[count].batch.weight
            count += 1
        }
        if count == 0 { isCommitting = false }
        if count == waiting.count {
            defer { waiting = [] }
            return waiting
        }
        defer { waiting.removeFirst(count) }
        return Array(waiting[..<count])
    }

    /// Refuses writes from now on and gives up those that wait.
    mutating func poison() -> [Request] {
        if lifecycle == .open { lifecycle = .poisoned }
        defer { waiting = [] }
        return waiting
    }

    mutating func beginClosing() { lifecycle = .closing }
    mutating func finishClosing() { lifecycle = .closed }
}
