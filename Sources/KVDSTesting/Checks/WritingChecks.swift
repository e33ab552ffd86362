import KVDS

extension StoreConformance {
    /// Batches: order, ranges and results.
    static let writingChecks = [
        Check("the last mutation of a key in a batch wins") { context, store in
            try await store.write { batch in
                batch.set("a", to: "1"); batch.set("a", to: "2")
                batch.set("b", to: "1"); batch.delete("b")
                batch.delete("c"); batch.set("c", to: "3")
                batch.set("d", to: "1"); batch.delete(in: .prefix("d")); batch.set("d2", to: "2")
            }
            try await context.expect(
                store, holds: [Entry(key: "a", value: "2"), Entry(key: "c", value: "3"), Entry(key: "d2", value: "2")])
        },
        Check("a range deletion includes the lower bound and excludes the upper bound") { context, store in
            let keys: [Bytes] = ["a", "b", "b\0", "ba", "c", "d", [0xFF], [0xFF, 0xFF]]
            let ranges: [KeyRange] = [
                KeyRange(from: "b", to: "c"), KeyRange(from: "c", to: "b"), KeyRange(from: "b", to: "b"), .prefix("b"),
                KeyRange(from: "bb", to: "d\0"), KeyRange(from: "d"), KeyRange(to: "b"), .prefix([0xFF]), .key("b"),
                .all,
            ]
            for range in ranges {
                try await store.write { batch in for key in keys { batch.set(key, to: "1") } }
                try await store.delete(in: range)
                let kept = keys.filter { !range.contains($0) }
                try await context.expect(
                    store, holds: kept.map { Entry(key: $0, value: "1") }, "what is left by \(range)")
            }
        },
        Check("a range deletion removes earlier writes of its batch and keeps later ones") {
            context, store in
            try await store.set("a0", to: "old")
            try await store.write { batch in
                batch.set("a1", to: "1")
                batch.delete(in: .all)
                batch.set("a2", to: "2")
                batch.set("a3", to: "3")
                batch.delete(in: KeyRange(from: "a3"))
            }
            try await context.expect(store, holds: [Entry(key: "a2", value: "2")])
        },
        Check("revisions increase with every commit, and only then") { context, store in
            var last = Revision.zero
            for step in 0..<20 {
                let result = try await store.set("a", to: Bytes(number: step))
                guard let revision = result.revision else { throw Difference("a set was not committed: \(result)") }
                try context.expect(revision > last, "revision \(revision) after \(last)")
                last = revision
            }
            let judged = try await store.write { $0.require(.present("a")) }
            try context.expect(judged.revision, last, "the revision of a batch of conditions only")
            let failed = try await store.write {
                $0.require(.absent("a")); $0.set("b", to: "1")
            }
            try context.expect(failed, .conditionFailed(index: 0), "a batch that fails")
            try context.expect(try await store.write { _ in }.revision, last, "the revision of an empty batch")
            let next = try await store.delete("missing").revision
            try context.expect(next.map { $0 > last }, true, "a deletion of a missing key is a commit")
        },
        Check("the result of a commit reports the durability it reached") { context, store in
            let keepsData = context.suite.reopen != nil
            for wanted in [Durability.buffered, .durable, nil] {
                let result = try await store.write(durability: wanted) { $0.set("a", to: "1") }
                // A direct `throw` among the typed ones crashes the optimiser of Swift 6.3, so `expect` is used.
                try context.expect(result.isCommitted, "a commit, not \(result)")
                if keepsData, let wanted, case .committed(_, let reached) = result {
                    try context.expect(reached >= wanted, "\(reached) where \(wanted) was asked for")
                }
            }
        },
        Check("a batch of 10,000 mutations is one commit") { context, store in
            let before = try await store.write { $0.set("first", to: "1") }.revision
            let entries = (0..<10_000).map { Entry(key: Bytes(number: $0), value: Bytes(number: $0 * 3)) }
            let after = try await store.write { batch in
                batch.delete("first")
                for entry in entries.shuffled() { batch.set(entry.key, to: entry.value) }
            }.revision
            try context.expect(after.map(\.rawValue), before.map { $0.rawValue + 1 }, "its revision")
            try await context.expect(store, holds: entries)
        },
        Check("committed entries are there when the store is opened again", needsReopening: true) { context, store in
            let entries = (0..<1_000).map { Entry(key: Bytes(number: $0), value: Bytes(repeating: 7, count: $0)) }
            try await store.write { batch in for entry in entries { batch.set(entry.key, to: entry.value) } }
            let last = try await store.write(durability: .buffered) {
                $0.set("a", to: "1"); $0.delete("a")
            }.revision
            let again = try await context.reopen(store)
            try await context.expect(again, holds: entries)
            let next = try await again.set("b", to: "2").revision
            try context.expect(next.map { $0 > (last ?? .zero) }, true, "the revision after reopening is greater")
            let third = try await context.reopen(again)
            try context.expect(try await third.get("b"), "2", "a value set after reopening")
        },
    ]
}
