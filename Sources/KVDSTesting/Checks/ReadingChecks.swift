import KVDS

extension StoreConformance {
    /// Reads of single values.
    static let readingChecks = [
        Check("a key that was set returns its value, and a key that was not set has no value") { context, store in
            try context.expect(try await store.get("a"), nil, "a value before it was set")
            try await store.set("a", to: "1")
            try context.expect(try await store.get("a"), "1", "a value that was set")
            try context.expect(try await store.get("b"), nil, "another key")
            try context.expect(try await store.exists("a"), true, "exists")
            try context.expect(try await store.exists("b"), false, "exists, of a missing key")
        },
        Check("setting a key again replaces its value") { context, store in
            for value: Bytes in ["1", "a longer value than the one before it", "", "2"] {
                try await store.set("a", to: value)
                try context.expect(try await store.get("a"), value, "the value")
            }
            try await context.expect(store, holds: [Entry(key: "a", value: "2")])
        },
        Check("a deleted key has no value, and deleting a missing key succeeds") { context, store in
            try await store.set("a", to: "1")
            try await store.set("b", to: "2")
            try await store.delete("a")
            try context.expect(try await store.get("a"), nil, "a deleted key")
            try context.expect(try await store.exists("a"), false, "exists, of a deleted key")
            try context.expect(try await store.delete("a").isCommitted, true, "deleting a missing key")
            try await context.expect(store, holds: [Entry(key: "b", value: "2")])
        },
        Check("a read of several keys returns their values in the order of the keys") { context, store in
            try await store.write {
                $0.set("a", to: "1"); $0.set("b", to: "2")
            }
            try context.expect(try await store.get(["b", "missing", "a", "b"]), ["2", nil, "1", "2"], "values")
            try context.expect(try await store.get([]), [], "no values")
        },
        Check("an empty value is stored and differs from no value") { context, store in
            try await store.set("a", to: Bytes())
            try context.expect(try await store.get("a"), Bytes(), "the value")
            try context.expect(try await store.exists("a"), true, "exists")
            try context.expect(
                try await store.withValue(for: "a") { (span: RawSpan) in span.byteCount }, 0, "its length")
            try await context.expect(store, holds: [Entry(key: "a", value: Bytes())])
        },
        Check("withValue reads a value without a copy and rethrows the error of its body") { context, store in
            struct Refusal: Error {}
            let value = Bytes((0..<10_000).map { UInt8(truncatingIfNeeded: $0) })
            try await store.set("a", to: value)
            let seen = try await store.withValue(for: "a") { (span: RawSpan) in Bytes(copying: span) }
            try context.expect(seen, value, "the span")
            let missing = try await store.withValue(for: "b") { (span: RawSpan) in span.byteCount }
            try context.expect(missing, nil, "a missing key's span")
            do {
                _ = try await store.withValue(for: "a") { (_: RawSpan) throws -> Int in throw Refusal() }
                throw Difference("what the body throws: nothing was thrown")
            } catch is Refusal {}
            try context.expect(try await store.get("a"), value, "the value afterwards")
        },
        Check("a ReadOnlyStore reads the current state of its store") { context, store in
            let reader = store.readOnly
            try await store.set("a", to: "1")
            try context.expect(try await reader.get("a"), "1", "get")
            try context.expect(try await reader.exists("a"), true, "exists")
            try context.expect(
                try await reader.withValue(for: "a") { (span: RawSpan) in span.byteCount }, 1, "withValue")
            try await context.expect(reader, holds: [Entry(key: "a", value: "1")])
            try context.expect(reader.limits, store.limits, "limits")
            try context.expect(reader.isOpen, true, "isOpen")
            try await store.close()
            try context.expect(reader.isOpen, false, "isOpen after close")
            try await context.expect(.closed, from: "get after close") { _ = try await reader.get("a") }
        },
    ]
}
