import TestSupport
import KVDS
import KVDSTesting
import Synchronization
import Testing

@Suite("The lifetime of stores", .timeLimit(.minutes(5)))
struct LifetimeTests {
    @Test("releasing the last handle closes a store, which can be opened elsewhere at once", arguments: Served.disks)
    func released(_ served: Served) async throws {
        try await withDistributor { distributor in
            var events = distributor.lifetimeEvents.makeAsyncIterator()
            let path = "\(distributor.directory)/\(served.rawValue)/a"
            weak var base: AnyObject?
            do {
                let handle = try await distributor.store("a", on: served.backend)
                base = handle.base as AnyObject
                let other = handle
                try await other.set("k", to: "v")
            }
            let opened = await next(.opened, &events)
            #expect(await next(.released, &events)?.store == opened?.store)
            #expect(await next(.closed, &events)?.store == opened?.store)
            #expect(await distributor.openStores.isEmpty)

            let disk = try #require(served.disk)
            let worker = try WorkerProcess(disk, path)
            #expect(await worker.nextLine() == "open")
            #expect(try await worker.ask("get k") == "value v")
            try await worker.quit()
            let store = try await disk.open(path)
            #expect(try await store.get("k") == "v")
            try await store.close()
            // The task that closed it releases it last.
            await untilFreed { base == nil }
            #expect(base == nil, "the store's memory is freed")
        }
    }

    @Test("a memory store is freed with its last handle and is empty when requested again")
    func memory() async throws {
        let counting = CountingBackend()
        try await withDistributor { distributor in
            var events = distributor.lifetimeEvents.makeAsyncIterator()
            do { try await distributor.store("a", on: counting.backend).set("k", to: "v") }
            #expect(await next(.closed, &events) != nil)
            await untilFreed { counting.lastStore == nil }
            #expect(counting.lastStore == nil)
            #expect(try await distributor.store("a", on: counting.backend).get("k") == nil)
            #expect(counting.opened.value == 2)
        }
    }

    @Test("a scan keeps its store open after the handle is dropped", arguments: Served.allCases)
    func scan(_ served: Served) async throws {
        try await withDistributor { distributor in
            var events = distributor.lifetimeEvents.makeAsyncIterator()
            var scan = try await makeScan(distributor, served)
            for index in 0..<5_000 { #expect(try await scan?.next()?.key == Bytes("\(10_000 + index)")) }
            #expect(await distributor.openStores.count == 1)
            scan = nil
            #expect(await next(.closed, &events) != nil)
        }
    }

    @Test("a snapshot keeps its store open after the handle is dropped", arguments: Served.allCases)
    func snapshot(_ served: Served) async throws {
        try await withDistributor { distributor in
            var events = distributor.lifetimeEvents.makeAsyncIterator()
            var snapshot = try await makeSnapshot(distributor, served)
            #expect(try await snapshot?.get("k") == "v")
            #expect(await distributor.openStores.count == 1)
            snapshot = nil
            #expect(await next(.closed, &events) != nil)
        }
    }

    private func makeSnapshot(_ distributor: DistributorActor, _ served: Served) async throws -> (any StoreSnapshot)? {
        let handle = try await distributor.store("a", on: served.backend)
        try await handle.set("k", to: "v")
        return try await handle.snapshot()
    }

    @Test("a subscription keeps its store open after the handle is dropped", arguments: Served.allCases)
    func subscription(_ served: Served) async throws {
        try await withDistributor { distributor in
            var events = distributor.lifetimeEvents.makeAsyncIterator()
            var subscription = try await makeSubscription(distributor, served)
            #expect(try await subscription?.next()?.revision.rawValue == 1)
            #expect(await distributor.openStores.count == 1)
            subscription = nil
            #expect(await next(.closed, &events) != nil)
        }
    }

    private func makeSubscription(
        _ distributor: DistributorActor, _ served: Served
    ) async throws -> Changes.Iterator? {
        let handle = try await distributor.store("a", on: served.backend)
        let iterator = handle.changes(prefix: "k").makeAsyncIterator()
        try await handle.set("k", to: "v")
        return iterator
    }

    @Test("a handle throws .notSupported for a capability that its store lacks")
    func noAbility() async throws {
        try await withDistributor { distributor in
            let backend = Backend(name: "plain", isPersistent: false) { _, _ throws(StoreError) in
                BareStore(ModelStore())
            }
            let handle = try await distributor.store("a", on: backend)
            let error = try await storeError { _ = try await handle.snapshot() }
            #expect(error?.code == .notSupported && error?.store == "model:")
            let feedError = try await storeError { for try await _ in handle.changes() {} }
            #expect(feedError?.code == .notSupported && feedError?.store == "model:")
        }
    }

    private func makeScan(_ distributor: DistributorActor, _ served: Served) async throws -> Entries.Iterator? {
        let handle = try await distributor.store("a", on: served.backend)
        try await handle.write { batch in
            for index in 0..<5_000 { batch.set(Bytes("\(10_000 + index)"), to: "1") }
        }
        return handle.entries().makeAsyncIterator()
    }

    @Test("a request after a handle was closed explicitly gets a new handle", arguments: Served.allCases)
    func closedByHand(_ served: Served) async throws {
        try await withDistributor { distributor in
            let first = try await distributor.store("a", on: served.backend)
            try await first.set("k", to: "v")
            try await first.close()
            #expect(try await storeError { _ = try await first.get("k") }?.code == .closed)
            let second = try await distributor.store("a", on: served.backend)
            #expect(first !== second)
            #expect(try await second.get("k") == (served == .memory ? nil : "v"))
            // Releasing the old handle must not close the new store.
            withExtendedLifetime(first) {}
            try await second.set("k", to: "w")
            #expect(try await distributor.store("a", on: served.backend) === second)
        }
    }

    @Test(
        "a request that races the last release gets an open store, and never a second one", arguments: Served.allCases,
        [1, 4])
    func race(_ served: Served, _ taskCount: Int) async throws {
        // With one task and with four: 10,000 requests in all on each disk backend, at full length.
        let rounds = served == .memory ? 10_000 : takesLong ? 5_000 : 200
        try await withDistributor { distributor in
            let tags = try await withThrowingTaskGroup(of: Set<UInt64>.self) { tasks in
                for task in 0..<taskCount {
                    tasks.addTask {
                        var tags: Set<UInt64> = []
                        for round in 0..<rounds / taskCount {
                            // Each handle is released immediately, so that the last release constantly races with the
                            // next request.
                            let handle = try await distributor.store(
                                "a", on: served.backend, configuration: .init(durability: .buffered))
                            if round % 5 == task { try await handle.set(Bytes("\(task)/\(round)"), to: "1") }
                            #expect(handle.isOpen)
                            tags.insert(handle.tag.number)
                        }
                        return tags
                    }
                }
                return try await tasks.reduce(into: Set<UInt64>()) { $0.formUnion($1) }
            }
            // They did race: a single task releases the store before each request; several tasks do so only when no
            // other task holds it.
            print("\(served): opened \(tags.count) times in \(rounds) rounds of \(taskCount) tasks")
            #expect(tags.count > (taskCount == 1 ? rounds / 100 : 1))
            if served != .memory {
                let handle = try await distributor.store("a", on: served.backend)
                let written = (0..<taskCount).reduce(0) { sum, task in
                    sum + (0..<rounds / taskCount).count { $0 % 5 == task }
                }
                #expect(try await handle.count() == written)
            }
        }
    }

    @Test(
        "shutdown during traffic makes calls throw only .closed and releases the files",
        arguments: Served.allCases)
    func shutdown(_ served: Served) async throws {
        try await withTemporaryDirectory { path in
            let distributor = DistributorActor(directory: path)
            let traffic = AtomicCounter()
            // There may be much traffic before the store that is checked afterwards receives any.
            let hasWrittenFirst = Flag()
            let codes = await withTaskGroup(of: [StoreError.Code].self) { tasks in
                for task in 0..<16 {
                    tasks.addTask {
                        do {
                            while true {
                                let handle = try await distributor.store(StoreID("\(task % 3)"), on: served.backend)
                                try await handle.set("k", to: "v")
                                if task % 3 == 0 { hasWrittenFirst.raise() }
                                for try await _ in handle.entries() {}
                                traffic.add()
                                await Task.yield()
                            }
                        } catch { return [(error as? StoreError)?.code ?? .busy] }
                    }
                }
                while traffic.value < 32 || !hasWrittenFirst.isRaised { await Task.yield() }
                await distributor.shutdown()
                return await tasks.reduce(into: []) { $0 += $1 }
            }
            #expect(codes == Array(repeating: .closed, count: 16))
            #expect(await distributor.openStores.isEmpty)
            #expect(try await storeError { _ = try await distributor.store("0", on: served.backend) }?.code == .closed)
            await distributor.shutdown()
            if let disk = served.disk {
                let store = try await disk.open("\(path)/\(served.rawValue)/0")
                #expect(try await store.get("k") == "v")
                try await store.close()
            }
        }
    }

    @Test("a lifetime tag notifies its observer once when its object is released")
    func tags() async throws {
        final class Pool: LifetimeObserver {
            let ended = Mutex<[UInt64]>([])
            func lifetimeEnded(_ number: UInt64) { ended.withLock { $0.append(number) } }
        }
        final class Session: Sendable {
            let tag: LifetimeTag
            init(_ pool: Pool) { tag = LifetimeTag(observer: pool) }
        }
        let pool = Pool()
        var sessions = (0..<100).map { _ in Session(pool) }
        let numbers = sessions.map(\.tag.number)
        #expect(Set(numbers).count == 100)
        #expect(pool.ended.withLock { $0.isEmpty })
        let kept = sessions[0]
        sessions = []
        #expect(pool.ended.withLock { Set($0) } == Set(numbers.dropFirst()))
        withExtendedLifetime(kept) {}
    }
}
