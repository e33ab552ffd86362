import TestSupport
import KVDS
import KVDSTesting
import Testing

@Suite("The lifetime events of a distributor", .timeLimit(.minutes(1)))
struct LifetimeEventTests {
    /// Only memory stores are opened here.
    private let distributor = DistributorActor(directory: "/nowhere")

    /// Returns all events up to the end of the stream, or nil if the stream does not end.
    private static func all(_ events: AsyncStream<LifetimeEvent>) async -> [LifetimeEvent]? {
        let isOverdue = Flag()
        let reading = Task {
            var all: [LifetimeEvent] = []
            for await event in events { all.append(event) }
            return all
        }
        let alarm = Task {
            try await Task.sleep(for: .seconds(60))
            isOverdue.raise()
            reading.cancel()
        }
        let all = await reading.value
        alarm.cancel()
        return isOverdue.isRaised ? nil : all
    }

    /// Opens a store, releases it, and waits until it is closed.
    private func openAndRelease(_ id: StoreID) async throws {
        let base = try await distributor.store(id, on: .memory).base
        await untilFreed { !base.isOpen }
        #expect(!base.isOpen, "nobody holds it, so it is closed")
    }

    @Test("a store without handles is closed even if no other request follows")
    func released() async throws {
        try await openAndRelease("a")
        await distributor.shutdown()
    }

    @Test("a store's events arrive in order, with a released event only if it was released")
    func inOrder() async throws {
        let events = distributor.lifetimeEvents
        let held = try await distributor.store("held", on: .memory)
        try await openAndRelease("released")
        await distributor.shutdown()
        #expect(!held.isOpen)
        #expect(try await storeError { _ = try await held.get("k") }?.code == .closed)
        let all = try #require(await Self.all(events), "the events end with the shutdown")
        let kinds = Dictionary(grouping: all, by: \.store.id).mapValues { $0.map(\.kind) }
        #expect(kinds["held"] == [.opened, .closed])
        #expect(kinds["released"] == [.opened, .released, .closed])
    }

    @Test("an event is sent without holding a lock that its subscriber needs to end")
    func unlocked() async throws {
        let executor = try ProbingExecutor { [distributor] in _ = distributor.lifetimeEvents }
        let events = distributor.lifetimeEvents
        let subscriber = Task(executorPreference: executor) {
            // The first resumption starts the task. The others are made by events that find it waiting.
            for await _ in events where executor.counts.passed + executor.counts.blocked > 1 { return }
        }
        let opener = Task {
            while !Task.isCancelled { try await openAndRelease("a") }
        }
        await subscriber.value
        opener.cancel()
        _ = await opener.result
        #expect(executor.counts.blocked == 0)
        #expect(executor.counts.passed > 1, "the subscriber was resumed")
        await distributor.shutdown()
    }

    @Test("lifetime events requested after the shutdown end at once")
    func afterShutdown() async throws {
        await distributor.shutdown()
        #expect(await Self.all(distributor.lifetimeEvents) == [])
    }

    @Test("a slow receiver of lifetime events loses the oldest and keeps the newest 1,024")
    func buffer() async throws {
        let events = distributor.lifetimeEvents
        for number in 0..<400 { try await openAndRelease(StoreID("\(number)")) }
        await distributor.shutdown()
        let all = try #require(await Self.all(events), "the events end with the shutdown")
        #expect(all.count == 1_024)
        #expect(all.contains { $0.kind == .closed && $0.store.id == "399" }, "the newest are there")
        #expect(!all.contains { $0.store.id == "0" }, "the oldest are not")
    }
}
