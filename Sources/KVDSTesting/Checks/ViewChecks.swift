import KVDS

extension StoreConformance {
    /// Scans that are abandoned or cancelled.
    static let viewChecks = [
        Check("breaking out of a loop frees the resources of its scan") { context, store in
            let entries = try await fill(store, 3_000, context)
            for order in [ScanOrder.forward, .reverse] {
                for try await _ in store.entries(in: .all, order: order, limit: nil) { break }
                for try await _ in store.entries(in: .all, order: order, limit: nil).pages { break }
            }
            try await expectNoViews(store, context)
            try await context.expect(store, holds: entries)
        },
        Check("a scan that reached its end holds no resources") { context, store in
            _ = try await fill(store, 3_000, context)
            var iterator = store.entries().makeAsyncIterator()
            while try await iterator.next() != nil {}
            try await expectNoViews(store, context)
            try context.expect(try await iterator.next(), nil, "after the end")
        },
        Check("dropped iterators free the resources of their scans") { context, store in
            let entries = try await fill(store, 3_000, context)
            var iterators: [Entries.Iterator] = []
            for _ in 0..<50 {
                var iterator = store.entries().makeAsyncIterator()
                _ = try await iterator.next()
                iterators.append(iterator)
            }
            if store.inspector != nil {
                try context.expect(try await store.statistics().openSnapshots, 50, "open snapshots of 50 scans")
            }
            iterators = []
            try await expectNoViews(store, context)
            try await context.expect(store, holds: entries)
        },
        Check("a cancelled scan throws .cancelled, frees its resources and affects no other call") { context, store in
            let entries = try await fill(store, 3_000, context)
            let (started, start) = AsyncStream.makeStream(of: Void.self)
            let task = Task { () -> StoreError.Code? in
                var iterator = store.entries().makeAsyncIterator()
                do throws(StoreError) {
                    _ = try await iterator.next()
                    start.finish()
                    await untilCancelled()
                    _ = try await iterator.next()
                } catch {
                    return error.code
                }
                return nil
            }
            for await _ in started {}
            task.cancel()
            try context.expect(await task.value, .cancelled, "what the scan threw")
            try await expectNoViews(store, context)
            try await context.expect(store, holds: entries)
        },
        Check("a cancelled scan holds no resources, even while its iterator is held") { context, store in
            _ = try await fill(store, 3_000, context)
            let scan = HeldScan(store.entries())
            _ = try await scan.nextEntry()
            _ = try await scan.nextPage()
            let task = Task { () -> [StoreError.Code] in
                await untilCancelled()
                var codes: [StoreError.Code] = []
                do throws(StoreError) { _ = try await scan.nextEntry() } catch { codes.append(error.code) }
                do throws(StoreError) { _ = try await scan.nextPage() } catch { codes.append(error.code) }
                return codes
            }
            task.cancel()
            try context.expect(await task.value, [.cancelled, .cancelled], "what the entries and the pages threw")
            try await expectNoViews(store, context)
            withExtendedLifetime(scan) {}
        },
        Check("a commit in an already cancelled task throws .cancelled and changes nothing") { context, store in
            try await store.set("a", to: "1")
            let task = Task { () -> StoreError.Code? in
                await untilCancelled()
                do throws(StoreError) {
                    try await store.write {
                        $0.set("a", to: "2"); $0.set("b", to: "2")
                    }
                } catch {
                    return error.code
                }
                return nil
            }
            task.cancel()
            try context.expect(await task.value, .cancelled, "what the commit threw")
            try await context.expect(store, holds: [Entry(key: "a", value: "1")])
            try await store.set("a", to: "3")
            try context.expect(try await store.get("a"), "3", "a later commit")
        },
    ]

    /// Two iterators of one scan, one for entries and one for pages, that can be moved into a task.
    ///
    /// `@unchecked Sendable` is correct because only one task at a time uses them.
    private final class HeldScan: @unchecked Sendable {
        private var entries: Entries.Iterator
        private var pages: Entries.Pages.Iterator

        init(_ scan: Entries) {
            entries = scan.makeAsyncIterator()
            pages = scan.pages.makeAsyncIterator()
        }

        func nextEntry() async throws(StoreError) -> Entry? { try await entries.next() }
        func nextPage() async throws(StoreError) -> EntryPage? { try await pages.next() }
    }

    static func expectNoViews(_ store: any KeyValueStore, _ context: CheckContext) async throws {
        guard store.inspector != nil else { return }
        try context.expect(try await store.statistics().openSnapshots, 0, "open snapshots")
    }

    static func untilCancelled() async {
        // A stream that never yields ends when its task is cancelled.
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        for await _ in stream {}
        continuation.finish()
    }
}
