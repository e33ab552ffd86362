import KVDSTesting
import Testing

@testable import KVDS

@Suite("Faults under an embedded store", .timeLimit(.minutes(1)))
struct EmbeddedStoreFaultTests {
    private let faults = Faults()
    private let store: FaultyStore

    init() async throws { store = try await FaultyStore.open(faults) }

    /// Holds a first commit, queues `batches` behind it so that they form one group, and releases the commit.
    ///
    /// - Returns: the results of the first commit and of each batch.
    private func commitAsGroup(
        _ batches: [WriteBatch], beforeRelease: () async -> Void = {}
    ) async throws -> [Result<CommitResult, StoreError>] {
        func commit(_ batch: WriteBatch) -> WatchedCall<Result<CommitResult, StoreError>> {
            WatchedCall {
                do throws(StoreError) { return .success(try await store.commit(batch)) } catch {
                    return .failure(error)
                }
            }
        }
        var first = WriteBatch()
        first.set("first", to: "1")
        faults.holdCommits()
        var calls = [commit(first)]
        await faults.commitIsHeld()
        for (index, batch) in batches.enumerated() {
            calls.append(commit(batch))
            #expect(await soon { store.queue.withLock { $0.waitingCount } > index })
        }
        await beforeRelease()
        faults.releaseCommits()
        var results: [Result<CommitResult, StoreError>] = []
        for call in calls {
            results.append(await call.outcome() ?? .failure(StoreError(.busy, "It was not answered.")))
        }
        return results
    }

    private static func batch(_ keys: Bytes...) -> WriteBatch {
        var batch = WriteBatch()
        for key in keys { batch.set(key, to: "1") }
        return batch
    }

    private static func code(_ result: Result<CommitResult, StoreError>) -> StoreError.Code? {
        if case .failure(let error) = result { error.code } else { nil }
    }

    @Test(
        "a commit in the queue is made before its store closes, even if no thread knows of it yet",
        .timeLimit(.minutes(1)))
    func closingAfterJoining() async throws {
        let joined = WatchedCall {
            await withCheckedContinuation { (caller: CommitQueueStateMachine.Caller) in
                _ = store.queue.admit(CommitQueueStateMachine.Request(batch: Self.batch("a"), caller: caller))
            }
        }
        #expect(await soon { store.queue.withLock { $0.waitingCount } == 1 })
        try await store.close()
        let result = try #require(await joined.outcome(), "nobody has made it")
        #expect(try result.get().isCommitted)
    }

    @Test("commits that arrive while one is being made form one commit group")
    func grouping() async throws {
        let results = try await commitAsGroup((0..<100).map { Self.batch(Bytes("\($0)")) })
        let statistics = try await store.statistics()
        #expect(statistics.groups == 2 && statistics.commits == 101)
        let revisions = try results.map { try $0.get().revision?.rawValue }
        #expect(revisions == (1...101).map(Optional.some))
        try await store.close()
    }

    @Test("a batch whose condition fails in a commit group is not counted as a commit")
    func refusedInGroup() async throws {
        var refused = Self.batch("b")
        refused.require(.present("missing"))
        let results = try await commitAsGroup([Self.batch("a"), refused])
        #expect(try results.map { try $0.get().isCommitted } == [true, true, false])
        let statistics = try await store.statistics()
        #expect(statistics.groups == 2 && statistics.commits == 2)
        try await store.close()
    }

    @Test("a failure inside a batch undoes only that batch, and the rest of its group is committed")
    func middleOfBatch() async throws {
        faults.fail(.set, times: nil, key: "bad", with: StoreError(.diskFull, "No room."))
        let results = try await commitAsGroup([Self.batch("a"), Self.batch("b", "bad", "c"), Self.batch("d")])
        #expect(results.map(Self.code) == [nil, nil, .diskFull, nil])
        #expect(try await store.get(["first", "a", "b", "bad", "c", "d"]) == ["1", "1", nil, nil, nil, "1"])
        faults.clear()
        #expect(try await store.commit(Self.batch("b", "bad")).revision == Revision(rawValue: 4))
        try await store.close()
    }

    @Test(
        "a commit that fails before it is made changes nothing and can be repeated",
        arguments: [Faults.Point.begin, .commit])
    func beforeCommit(_ point: Faults.Point) async throws {
        try await store.set("a", to: "1")
        faults.fail(point, with: StoreError(.ioFailure, "The disk is tired."))
        await #expect { try await store.set("a", to: "2") } throws: { ($0 as? StoreError)?.code == .ioFailure }
        #expect(try await store.get("a") == "1")
        try await store.set("a", to: "3")
        #expect(try await store.get("a") == "3")
        try await store.close()
    }

    @Test("after an unknown outcome waiting and later writes are refused, and reads still work")
    func unknownOutcome() async throws {
        let results = try await commitAsGroup([Self.batch("a"), Self.batch("b")]) {
            faults.fail(.committed, with: StoreError(.outcomeUnknown, "The disk is gone."))
        }
        #expect(results.map(Self.code) == [.outcomeUnknown, .writesRefused, .writesRefused])
        await #expect { try await store.set("c", to: "1") } throws: { ($0 as? StoreError)?.code == .writesRefused }
        #expect(store.isOpen)
        #expect(try await store.get("a") == nil)
        #expect(try await store.get("first") == "1")
        for try await entry in store.entries() { #expect(entry.key == "first") }
        try await store.close()
        await #expect { try await store.set("c", to: "1") } throws: { ($0 as? StoreError)?.code == .closed }
    }

    @Test("after an unknown outcome of a commit group each of its callers throws .outcomeUnknown")
    func unknownOutcomeOfGroup() async throws {
        let results = try await commitAsGroup([Self.batch("a"), Self.batch("b")]) {
            faults.fail(.committed, onCall: 2, with: StoreError(.outcomeUnknown, "The disk is gone."))
        }
        #expect(results.map(Self.code) == [nil, .outcomeUnknown, .outcomeUnknown])
        try await store.close()
    }

    @Test("a commit group retried batch by batch refuses the batches after an unknown outcome")
    func unknownOutcomeApart() async throws {
        let results = try await commitAsGroup([Self.batch("a"), Self.batch("b"), Self.batch("c")]) {
            faults.fail(.commit, onCall: 2, with: StoreError(.diskFull, "No room."))
            // The first commit, "a", and "b".
            faults.fail(.committed, onCall: 3, with: StoreError(.outcomeUnknown, "The disk is gone."))
        }
        #expect(results.map(Self.code) == [nil, nil, .outcomeUnknown, .writesRefused])
        #expect(try await store.get(["a", "c"]) == ["1", nil])
        try await store.close()
    }

    @Test("a buffered commit in a commit group whose sync fails is not acknowledged")
    func failedSyncOfGroup() async throws {
        var buffered = Self.batch("a")
        buffered.durability = .buffered
        let results = try await commitAsGroup([buffered, Self.batch("b")]) {
            faults.fail(.commit, onCall: 2, with: StoreError(.outcomeUnknown, "The sync has failed."))
        }
        #expect(results.map(Self.code) == [nil, .outcomeUnknown, .outcomeUnknown])
        try await store.close()
    }

    @Test("after an unknown outcome a subscriber receives the known commits, then .writesRefused")
    func unknownOutcomeOfFeed() async throws {
        var events = store.changes().makeAsyncIterator()
        try await store.set("a", to: "1")
        faults.fail(.committed, with: StoreError(.outcomeUnknown, "The disk is gone."))
        await #expect { try await store.set("b", to: "1") } throws: { ($0 as? StoreError)?.code == .outcomeUnknown }
        #expect(try await events.next()?.revision.rawValue == 1)
        await #expect { _ = try await events.next() } throws: { ($0 as? StoreError)?.code == .writesRefused }
        try await store.close()
    }

    @Test("a failed commit is not delivered to subscribers", arguments: [Faults.Point.begin, .set, .commit])
    func failedIsNotDelivered(_ point: Faults.Point) async throws {
        var events = store.changes().makeAsyncIterator()
        faults.fail(point, with: StoreError(.ioFailure, "The disk is tired."))
        await #expect { try await store.set("a", to: "1") } throws: { ($0 as? StoreError)?.code == .ioFailure }
        try await store.set("b", to: "1")
        #expect(
            try await events.next() == .commit(Revision(rawValue: 1), [Change(key: "b", value: "1")]))
        try await store.close()
    }

    @Test("a snapshot survives a failed read, and a snapshot that cannot be taken holds nothing")
    func snapshots() async throws {
        try await store.set("a", to: "1")
        let snapshot = try await store.snapshot()
        faults.fail(.get, with: StoreError(.ioFailure, "The disk is tired."))
        await #expect { _ = try await snapshot.get("a") } throws: { ($0 as? StoreError)?.code == .ioFailure }
        #expect(try await snapshot.get("a") == "1")
        faults.fail(.get, with: .wouldBlock)
        #expect(try await snapshot.get("a") == "1", "on a thread that may wait")
        faults.fail(.snapshot, with: StoreError(.ioFailure, "The disk is tired."))
        await #expect { _ = try await store.snapshot() } throws: { ($0 as? StoreError)?.code == .ioFailure }
        snapshot.close()
        #expect(try await store.statistics().openSnapshots == 0)
        try await store.close()
    }

    @Test("closing waits for the commit under way and for the commits behind it")
    func closingWaits() async throws {
        let closing = Mailbox()
        let results = try await commitAsGroup([Self.batch("a"), Self.batch("b")]) {
            closing.task = Task { try await store.close() }
            #expect(await soon { !store.isOpen })
        }
        #expect(results.map(Self.code) == [nil, nil, nil])
        try await closing.task?.value
        #expect(!store.isOpen)
    }

    @Test(
        "a failed read throws, releases its snapshot and leaves the store usable",
        arguments: [Faults.Point.get, .snapshot, .fill])
    func reads(_ point: Faults.Point) async throws {
        try await store.set("a", to: "1")
        faults.fail(point, with: StoreError(.ioFailure, "The disk is tired."))
        await #expect { try await point == .get ? _ = store.get("a") : drain() } throws: {
            ($0 as? StoreError)?.code == .ioFailure
        }
        #expect(try await store.statistics().openSnapshots == 0)
        #expect(try await store.get("a") == "1")
        try await drain()
        try await store.close()
    }

    @Test("a failed scan ends and holds no snapshot, even while its iterator is held")
    func scanThatFailed() async throws {
        try await store.write { batch in for number in 0..<1_000 { batch.set(Bytes("\(number)"), to: "value") } }
        var scan = store.entries().makeAsyncIterator()
        _ = try await scan.next()
        faults.fail(.fill, with: StoreError(.ioFailure, "The disk is tired."))
        await #expect { while try await scan.next() != nil {} } throws: { ($0 as? StoreError)?.code == .ioFailure }
        #expect(try await store.statistics().openSnapshots == 0)
        #expect(try await scan.next() == nil)
        try await store.close()
    }

    private func drain() async throws { for try await _ in store.entries() {} }

    /// Passes a task out of a closure; used by only one task.
    private final class Mailbox { var task: Task<Void, any Error>? }
}
