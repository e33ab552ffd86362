import KVDS

extension StoreConformance {
    /// Random operations, each compared with an ``OrderedModel``.
    static let modelChecks = [
        Check("random operations have the same effects as on a sorted array") { context, store in
            var run = ModelRun(store: store, random: context.random)
            for step in 0..<context.suite.operations {
                do { try await run.step() } catch {
                    throw Difference("operation \(step): \(run.last): \(explain(error))")
                }
            }
            try await context.expect(run.store, holds: run.model.entries)
        },
        Check("random operations and reopenings have the same effects as on a sorted array", needsReopening: true) {
            context, store in
            var run = ModelRun(store: store, random: SplitMix64(seed: context.suite.seed &+ 1))
            for _ in 0..<5 {
                for step in 0..<context.suite.operations / 10 {
                    do { try await run.step() } catch {
                        throw Difference("operation \(step): \(run.last): \(explain(error))")
                    }
                }
                run.dropScans()
                run.store = try await context.reopen(run.store)
                try await context.expect(run.store, holds: run.model.entries, "the entries after reopening")
            }
        },
    ]

    private static func explain(_ error: any Error) -> String { (error as? Difference)?.message ?? "\(error)" }
}

/// A store and its expected contents.
private struct ModelRun {
    /// A scan that stays open while the store changes, with the entries it must still return.
    struct OpenScan {
        var iterator: Entries.Iterator
        var rest: ArraySlice<Entry>
    }

    var store: any KeyValueStore
    var model = OrderedModel()
    var input: RandomInput
    var scans: [OpenScan] = []
    /// The last operation, for the failure message.
    var last = ""

    init(store: any KeyValueStore, random: SplitMix64) {
        self.store = store
        self.input = RandomInput(random: random, limits: store.limits)
    }

    mutating func dropScans() { scans = [] }

    /// Makes one random operation and compares its result with the model's.
    mutating func step() async throws {
        switch input.random.below(100) {
        case 0..<30: try await commit(batch { batch, input in batch.set(input.key(), to: input.value()) })
        case 30..<40: try await commit(batch { batch, input in batch.delete(input.key()) })
        case 40..<43: try await commit(batch { batch, input in batch.delete(in: input.range()) })
        case 43..<60: try await commit(input.batch(over: model))
        case 60..<75: try await read()
        case 75..<88: try await scan()
        default: try await continueScan()
        }
    }

    private mutating func batch(_ fill: (inout WriteBatch, inout RandomInput) -> Void) -> WriteBatch {
        var batch = WriteBatch(durability: .buffered)
        fill(&batch, &input)
        return batch
    }

    private mutating func commit(_ batch: WriteBatch) async throws {
        last = "commit of \(batch.conditions.count) conditions and \(batch.mutations.count) mutations"
        let before = model
        let failed = model.apply(batch)
        switch (try await store.commit(batch), failed) {
        case (.committed, nil): break
        case (.conditionFailed(let index), let failed?) where index == failed: break
        case (let result, let failed):
            throw Difference(
                "got \(result), expected condition \(failed.map(String.init) ?? "none") to fail; \(batch) on \(before.entries)"
            )
        }
    }

    private mutating func read() async throws {
        let key = input.key()
        last = "get"
        let value = try await store.get(key)
        if value != model[key] {
            throw Difference("of \(key): got \(value?.count ?? -1) bytes, expected \(model[key]?.count ?? -1)")
        }
        let exists = try await store.exists(key)
        if exists != (value != nil) { throw Difference("exists, of \(key): got \(exists)") }
    }

    private mutating func scan() async throws {
        let range = input.range()
        let order = input.random.oneIn(2) ? ScanOrder.forward : .reverse
        let limit = input.random.oneIn(3) ? input.random.below(20) : nil
        last = "scan of \(range), \(order), limit \(limit ?? -1)"
        let expected = model.entries(in: range, order: order, limit: limit)
        var iterator = store.entries(in: range, order: order, limit: limit).makeAsyncIterator()
        if scans.count < 4 && input.random.oneIn(3) {
            var rest = expected[...]
            try check(try await iterator.next(), rest.popFirst())
            scans.append(OpenScan(iterator: iterator, rest: rest))
        } else {
            for entry in expected { try check(try await iterator.next(), entry) }
            try check(try await iterator.next(), nil)
        }
    }

    /// Takes up to 39 entries of a random open scan. One scan in eight is then dropped.
    private mutating func continueScan() async throws {
        guard !scans.isEmpty else { return }
        last = "an earlier scan"
        var scan = scans.remove(at: input.random.below(scans.count))
        let drop = input.random.oneIn(8)
        for _ in 0..<input.random.below(40) {
            let expected = scan.rest.popFirst()
            try check(try await scan.iterator.next(), expected)
            if expected == nil { return }
        }
        if !drop { scans.append(scan) }
    }

    private func check(_ found: Entry?, _ expected: Entry?) throws {
        if found == expected { return }
        func text(_ entry: Entry?) -> String { entry.map { "\($0.key) with \($0.value.count) bytes" } ?? "the end" }
        throw Difference("got \(text(found)), expected \(text(expected))")
    }
}
