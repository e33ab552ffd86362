/// The waiting commits, and whether the store accepts new ones. A pure state machine, which ``CommitQueue`` protects
/// with a lock.
///
/// A commit group consists of the requests that arrived while the previous group was committed, and of the next
/// requests of the writers that the previous group answered, if they arrive during the group commit delay
/// (``GroupCommitDelay``). The number and the weight of the requests in a group are limited, which bounds its latency.
struct CommitQueueStateMachine {
    typealias Caller = CheckedContinuation<Result<CommitResult, StoreError>, Never>

    /// A batch and the caller that awaits its result.
    struct Request: Sendable {
        let batch: WriteBatch
        let weight: Int
        let caller: Caller

        init(batch: WriteBatch, caller: Caller) {
            self.batch = batch
            weight = batch.weight
            self.caller = caller
        }
    }

    enum Lifecycle {
        case open
        /// A commit ended with an unknown outcome: no more writes until the store is reopened.
        case poisoned
        case closing
        case closed
    }

    /// What a caller must do after it has requested a commit.
    enum Admission {
        /// Nothing: the batch will be in the next group.
        case queued
        /// Wake the thread that keeps the next group open: the group is complete.
        case groupIsComplete
        /// Start draining the queue.
        case startDraining
        /// Commit the batch immediately, then call ``finishInline()``.
        case commitInline
        case refused(Lifecycle)
    }

    static let maximumGroupCount = 1_000
    static let maximumGroupWeight = 1 << 20

    private(set) var lifecycle = Lifecycle.open
    private var waiting: [Request] = []
    private var waitingWeight = 0
    private var isCommitting = false
    private var gathering = GroupCommitDelay()

    /// How many commits wait for a group.
    var waitingCount: Int { waiting.count }

    /// Requests a commit without the queue, which is possible while no other commit is being made.
    mutating func admitInline() -> Admission {
        guard lifecycle == .open else { return .refused(lifecycle) }
        if isCommitting { return .queued }
        isCommitting = true
        return .commitInline
    }

    /// Ends an inline commit.
    ///
    /// - Returns: whether the queue must be drained now.
    mutating func finishInline() -> Bool {
        isCommitting = !waiting.isEmpty
        return isCommitting
    }

    mutating func admit(_ request: Request) -> Admission {
        guard lifecycle == .open else { return .refused(lifecycle) }
        let wasOpen = groupDeadline != nil
        waiting.append(request)
        waitingWeight += request.weight
        if isCommitting { return wasOpen && groupDeadline == nil ? .groupIsComplete : .queued }
        isCommitting = true
        return .startDraining
    }

    /// Until when the next group is kept open; nil when it can begin.
    var groupDeadline: GroupCommitDelay.Instant? {
        if waiting.isEmpty || waiting.count >= Self.maximumGroupCount || waitingWeight >= Self.maximumGroupWeight {
            return nil
        }
        return lifecycle == .open ? gathering.deadline(waiting: waiting.count) : nil
    }

    /// Takes the next group, in the order of arrival. The group is empty when no request waits; then draining ends.
    mutating func takeGroup(at now: GroupCommitDelay.Instant = .now) -> [Request] {
        gathering.groupBegins(count: waiting.count, at: now)
        var weight = 0
        var count = 0
        while count < waiting.count, count < Self.maximumGroupCount, weight < Self.maximumGroupWeight {
            weight += waiting[count].weight
            count += 1
        }
        waitingWeight -= weight
        if count == 0 { isCommitting = false }
        if count == waiting.count {
            defer { waiting = [] }
            return waiting
        }
        defer { waiting.removeFirst(count) }
        return Array(waiting[..<count])
    }

    /// Notes that a group of `count` requests was committed. Its callers are resumed after this.
    mutating func groupEnded(count: Int, began: GroupCommitDelay.Instant, ended: GroupCommitDelay.Instant) {
        gathering.groupEnded(answered: count, waiting: waiting.count, began: began, ended: ended)
    }

    /// Refuses writes from now on.
    ///
    /// - Returns: the waiting requests, which fail.
    mutating func poison() -> [Request] {
        if lifecycle == .open { lifecycle = .poisoned }
        waitingWeight = 0
        defer { waiting = [] }
        return waiting
    }

    mutating func beginClosing() { lifecycle = .closing }
    mutating func finishClosing() { lifecycle = .closed }
}
