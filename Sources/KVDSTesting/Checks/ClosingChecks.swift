import KVDS

extension StoreConformance {
    /// Closing a store.
    static let closingChecks = [
        Check("after close every call throws .closed, and closing again is harmless") { context, store in
            try await store.set("a", to: "1")
            let scan = store.entries()
            try context.expect(store.isOpen, true, "isOpen before")
            try await store.close()
            try context.expect(store.isOpen, false, "isOpen after")
            try await context.expect(.closed, from: "get") { _ = try await store.get("a") }
            try await context.expect(.closed, from: "multi-key get") { _ = try await store.get(["a"]) }
            try await context.expect(.closed, from: "exists") { _ = try await store.exists("a") }
            try await context.expect(.closed, from: "withValue") {
                _ = try await store.withValue(for: "a") { (_: RawSpan) in 0 }
            }
            try await context.expect(.closed, from: "a new scan") { _ = try await store.list() }
            try await context.expect(.closed, from: "a scan made before") { for try await _ in scan {} }
            try await context.expect(.closed, from: "pages") { for try await _ in store.entries().pages {} }
            try await context.expect(.closed, from: "set") { try await store.set("a", to: "2") }
            try await context.expect(.closed, from: "delete") { try await store.delete("a") }
            try await context.expect(.closed, from: "delete of a range") { try await store.delete(in: .all) }
            try await context.expect(.closed, from: "setIfAbsent") { _ = try await store.setIfAbsent("b", to: "2") }
            try await context.expect(.closed, from: "an empty batch") { try await store.write { _ in } }
            if store.inspector != nil {
                try await context.expect(.closed, from: "statistics") { _ = try await store.statistics() }
            }
            try await store.close()
            try await store.close()
        },
        Check("an open scan ends with .closed when the store is closed") { context, store in
            let entries = try await fill(store, 3_000, context)
            var iterator = store.entries().makeAsyncIterator()
            var reverse = store.entries(in: .all, order: .reverse, limit: nil).makeAsyncIterator()
            var found = [try await iterator.next()]
            _ = try await reverse.next()
            try await store.close()
            try await context.expect(.closed, from: "the scan") {
                while let entry = try await iterator.next() { found.append(entry) }
            }
            try await context.expect(.closed, from: "the scan in reverse") { while try await reverse.next() != nil {} }
            try context.expect(found, entries.prefix(found.count).map(Optional.some), "what it had read ahead")
        },
        Check("a store can be opened again while an iterator of the closed one is held", needsReopening: true) {
            context, store in
            let entries = try await fill(store, 3_000, context)
            var iterator = store.entries().makeAsyncIterator()
            _ = try await iterator.next()
            let again = try await context.reopen(store)
            try await context.expect(again, holds: entries)
            try await context.expect(.closed, from: "the old scan") { while try await iterator.next() != nil {} }
        },
        Check("many tasks may close a store at once") { context, store in
            try await store.set("a", to: "1")
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for _ in 0..<16 { tasks.addTask { try await store.close() } }
                try await tasks.waitForAll()
            }
            try await context.expect(.closed, from: "get") { _ = try await store.get("a") }
        },
        Check("closing during traffic makes calls throw .closed and nothing else") { context, store in
            _ = try await writeUntilClosed(store)
            try context.expect(store.isOpen, false, "isOpen")
        },
        Check("commits acknowledged before or during close are there after reopening", needsReopening: true) {
            context, store in
            let acknowledged = try await writeUntilClosed(store)
            let again = try await context.reopen(store)
            for key in acknowledged {
                try context.expect(try await again.get(key), "1", "an acknowledged value")
            }
        },
    ]

    /// Closes `store` while 32 tasks write to it and 8 read from it.
    ///
    /// - Returns: the keys of all acknowledged sets.
    private static func writeUntilClosed(_ store: any KeyValueStore) async throws -> [Bytes] {
        let (progress, acknowledge) = AsyncStream.makeStream(of: Void.self)
        return try await withThrowingTaskGroup(of: [Bytes].self) { tasks in
            for task in 0..<32 {
                tasks.addTask {
                    var keys: [Bytes] = []
                    for step in 0... {
                        let key = Bytes("\(task)/\(step)")
                        do {
                            try await store.set(key, to: "1")
                        } catch let error as StoreError where error.code == .closed {
                            break
                        }
                        keys.append(key)
                        acknowledge.yield()
                        // A store may never suspend its caller, so yield to let the other tasks run.
                        await Task.yield()
                    }
                    return keys
                }
            }
            for _ in 0..<8 {
                tasks.addTask {
                    do {
                        while true {
                            _ = try await store.get("0/0")
                            for try await _ in store.entries(in: .all, order: .forward, limit: 100) {}
                            await Task.yield()
                        }
                    } catch let error as StoreError where error.code == .closed {
                        return []
                    }
                }
            }
            // Close during the traffic: after two sets per writing task, on average.
            var steps = progress.makeAsyncIterator()
            for _ in 0..<64 { _ = await steps.next() }
            try await store.close()
            return try await tasks.reduce(into: []) { $0 += $1 }
        }
    }
}
