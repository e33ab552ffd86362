import KVDS

extension StoreConformance {
    /// Snapshots, for stores that have them.
    static let snapshotChecks = [
        Check("a snapshot does not change when the store is written to") { context, store in
            try context.require(store.snapshots, "snapshots")
            let entries = try await fill(store, 1_000, context)
            let snapshot = try await store.snapshot()
            try await store.write { batch in
                batch.delete(in: KeyRange(to: Bytes(number: 500)))
                for number in 600..<2_000 { batch.set(Bytes(number: number), to: "new") }
            }
            try await context.expect(snapshot, holds: entries, "the snapshot's entries")
            let keys = [0, 499, 599, 600, 999, 1_000].map(Bytes.init(number:))
            let values = entries.map { Optional($0.value) }
            let expected = [values[0], values[499], values[599], values[600], values[999], nil]
            try context.expect(try await snapshot.get(keys), expected, "several keys of the snapshot")
            for (key, value) in zip(keys, expected) {
                try context.expect(try await snapshot.get(key), value, "get")
                try context.expect(try await snapshot.exists(key), value != nil, "exists")
                let length = try await snapshot.withValue(for: key) { (bytes: RawSpan) in bytes.byteCount }
                try context.expect(length, value?.count, "withValue")
            }
            let range = KeyRange(from: Bytes(number: 100), to: Bytes(number: 700))
            for order in [ScanOrder.forward, .reverse] {
                let inside = order == .forward ? Array(entries[100..<700]) : entries[100..<700].reversed()
                try context.expect(try await snapshot.list(range, order: order), inside, "a range of the snapshot")
                try context.expect(
                    try await snapshot.list(range, order: order, limit: 7), Array(inside.prefix(7)), "a limited range")
            }
            try context.expect(snapshot.limits, store.limits, "limits")
            try await context.expect(.invalidKey, from: "get of an empty key") { _ = try await snapshot.get(Bytes()) }
            try await context.expect(.invalidArgument, from: "limit -1") { _ = try await snapshot.list(limit: -1) }
        },
        Check("snapshots of different revisions each show their own state") { context, store in
            try context.require(store.snapshots, "snapshots")
            var taken: [(snapshot: any StoreSnapshot, revision: Revision?)] = [(try await store.snapshot(), .zero)]
            for round in 1...20 {
                let result = try await store.write { batch in
                    batch.set("all", to: Bytes(number: round))
                    batch.set(Bytes(number: round), to: "x")
                    if round > 10 { batch.delete(Bytes(number: round - 10)) }
                }
                taken.append((try await store.snapshot(), result.revision))
            }
            // In an order that is neither the order of their creation nor its reverse.
            for round in (0...20).map({ $0 * 8 % 21 }) {
                let (snapshot, revision) = taken[round]
                try context.expect(snapshot.revision, revision ?? .zero, "the revision of snapshot \(round)")
                try context.expect(try await snapshot.get("all")?.number, round == 0 ? nil : round, "its value")
                let numbers = try await snapshot.list(KeyRange(to: "all")).map(\.key.number)
                try context.expect(numbers, Array(max(round - 9, 1)..<max(round + 1, 1)), "its keys")
                snapshot.close()
            }
            try await expectNoViews(store, context)
        },
        Check("a snapshot taken during concurrent commits shows exactly the commits up to its revision") {
            context, store in
            try context.require(store.snapshots, "snapshots")
            let rounds = 200
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for _ in 0..<4 {
                    tasks.addTask {
                        var last = Revision.zero
                        while last.rawValue < rounds {
                            try await store.withSnapshot { snapshot in
                                let number = try await snapshot.get("number")?.number ?? 0
                                try context.expect(snapshot.revision.rawValue, UInt64(number), "the revision")
                                try context.expect(snapshot.revision >= last, "snapshots go forward in time")
                                last = snapshot.revision
                            }
                            // A store may never suspend its caller, so yield to let the writer run.
                            await Task.yield()
                        }
                    }
                }
                for round in 1...rounds {
                    let result = try await store.write(durability: .buffered) {
                        $0.set("number", to: Bytes(number: round))
                    }
                    try context.expect(result.revision?.rawValue, UInt64(round), "a commit's revision")
                }
                try await tasks.waitForAll()
            }
        },
        Check("a closed snapshot and its scans throw .snapshotEnded and hold no resources") { context, store in
            try context.require(store.snapshots, "snapshots")
            _ = try await fill(store, 3_000, context)
            let snapshot = try await store.snapshot()
            let other = try await store.snapshot()
            var scan = snapshot.entries().makeAsyncIterator()
            var reverse = snapshot.entries(order: .reverse).makeAsyncIterator()
            var others = other.entries().makeAsyncIterator()
            _ = try await (scan.next(), reverse.next(), others.next())
            try context.expect(snapshot.isOpen, true, "isOpen before")
            snapshot.close()
            snapshot.close()
            try context.expect(snapshot.isOpen, false, "isOpen after")
            if store.inspector != nil {
                try context.expect(try await store.statistics().openSnapshots, 1, "open snapshots: the other one")
            }
            try await context.expect(.snapshotEnded, from: "get") { _ = try await snapshot.get("a") }
            try await context.expect(.snapshotEnded, from: "exists") { _ = try await snapshot.exists("a") }
            try await context.expect(.snapshotEnded, from: "a new scan") { _ = try await snapshot.list() }
            try await context.expect(.snapshotEnded, from: "an open scan") { while try await scan.next() != nil {} }
            try await context.expect(.snapshotEnded, from: "a scan in reverse") {
                while try await reverse.next() != nil {}
            }
            var count = 1
            while try await others.next() != nil { count += 1 }
            try context.expect(count, 3_000, "the scan of the other snapshot")
            other.close()
            try await expectNoViews(store, context)
        },
    ]

    /// The end of a snapshot.
    static let snapshotEndChecks = [
        Check("withSnapshot closes its snapshot, also when its body throws") { context, store in
            try context.require(store.snapshots, "snapshots")
            try await store.set("a", to: "1")
            let kept = try await store.withSnapshot { snapshot in
                try context.expect(try await snapshot.get("a"), "1", "a value of it")
                return snapshot
            }
            try await context.expect(.snapshotEnded, from: "get after its scope") { _ = try await kept.get("a") }
            do {
                try await store.withSnapshot { _ in throw CancellationError() }
                throw Difference("withSnapshot: no error, expected that of its body")
            } catch is CancellationError {}
            try await expectNoViews(store, context)
        },
        Check("a dropped snapshot is released, unless an iterator still uses it") { context, store in
            try context.require(store.snapshots, "snapshots")
            let entries = try await fill(store, 3_000, context)
            for _ in 0..<50 { _ = try await store.snapshot().get("a") }
            try await expectNoViews(store, context)
            var iterator = try await store.snapshot().entries().makeAsyncIterator()
            try await store.delete(in: .all)
            var found: [Entry] = []
            while let entry = try await iterator.next() { found.append(entry) }
            try context.expect(found, entries, "a scan whose snapshot only its iterator holds")
        },
        Check("many tasks read one snapshot at once while the store is written to") { context, store in
            try context.require(store.snapshots, "snapshots")
            let entries = try await fill(store, 1_000, context)
            let snapshot = try await store.snapshot()
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for task in 0..<16 {
                    tasks.addTask {
                        for step in 0..<50 {
                            let entry = entries[(task * 61 + step * 17) % entries.count]
                            try context.expect(try await snapshot.get(entry.key), entry.value, "a value")
                            if step % 10 == 0 { try context.expect(try await snapshot.list() == entries, "a scan") }
                            await Task.yield()
                        }
                    }
                }
                for round in 0..<50 {
                    try await store.write(durability: .buffered) { batch in
                        for number in 0..<20 { batch.set(Bytes(number: (round * 20 + number) % 1_000), to: "new") }
                    }
                }
                try await tasks.waitForAll()
            }
        },
        Check("closing the store ends its snapshots, and their scans, with .closed") { context, store in
            try context.require(store.snapshots, "snapshots")
            _ = try await fill(store, 3_000, context)
            let snapshot = try await store.snapshot()
            var scan = snapshot.entries().makeAsyncIterator()
            _ = try await scan.next()
            try await store.close()
            try context.expect(snapshot.isOpen, false, "isOpen")
            try await context.expect(.closed, from: "get") { _ = try await snapshot.get("a") }
            try await context.expect(.closed, from: "a new scan") { _ = try await snapshot.list() }
            try await context.expect(.closed, from: "an open scan") { while try await scan.next() != nil {} }
            try await context.expect(.closed, from: "another snapshot") { _ = try await store.snapshot() }
            snapshot.close()
        },
        Check("a store can be opened again while a snapshot of the closed one is held", needsReopening: true) {
            context, store in
            try context.require(store.snapshots, "snapshots")
            let entries = try await fill(store, 100, context)
            let snapshot = try await store.snapshot()
            let again = try await context.reopen(store)
            try await context.expect(again, holds: entries)
            try await context.expect(.closed, from: "the old snapshot") { _ = try await snapshot.get("a") }
            let later = try await again.snapshot()
            try context.expect(later.revision, snapshot.revision, "the revision after reopening")
        },
    ]
}
