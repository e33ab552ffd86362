import KVDS

/// One of the tasks of a ``HistoryCheck``.
struct HistoryClient {
    private let task: Int
    private let tasks: Int
    private let store: any KeyValueStore
    private let runner: ListTransactionRunner
    private let clock: EventClock
    private var random: SplitMix64
    private var made = 0
    private var lastNumber = 0
    private var history = History()

    init(
        task: Int, of tasks: Int, seed: UInt64, store: any KeyValueStore, runner: ListTransactionRunner,
        clock: EventClock
    ) {
        self.task = task
        self.tasks = tasks
        self.store = store
        self.runner = runner
        self.clock = clock
        random = SplitMix64(seed: seed &+ UInt64(task) &* 0x9E37_79B9)
    }

    mutating func run(operations: Int) async throws -> History {
        while made < operations {
            if random.oneIn(3) { try await useRegister() } else { try await withTransactionResult() }
        }
        return history
    }

    /// The keys in use change over time, so that tasks meet and no list grows long.
    private mutating func key() -> Int { made / 20 + random.below(5) }

    /// Returns a number that no other task uses.
    private mutating func number() -> Int {
        lastNumber += 1
        return lastNumber * tasks + task
    }

    private mutating func withTransactionResult() async throws {
        var plan: [ListTransaction.Step] = []
        for _ in 0...random.below(4) {
            plan.append(random.oneIn(2) ? .read(key: key(), []) : .append(key: key(), number()))
        }
        made += plan.count
        let isGivenUp = random.oneIn(12)
        let begin = clock.next()
        var transaction = ListTransaction(steps: plan, isCommitted: true, begin: begin, end: begin)
        if let steps = try await runner.run(plan, isGivenUp: isGivenUp, random: &random) {
            transaction.steps = steps
        } else {
            transaction.isCommitted = false
        }
        transaction.end = clock.next()
        history.transactions.append(transaction)
    }

    private mutating func useRegister() async throws {
        let key = key()
        let name = Bytes("register:\(key)")
        let store = store
        switch random.below(4) {
        case 0, 1:
            _ = try await noting(key) { () throws(StoreError) in .read(try await HistoryClient.number(at: name, store))
            }
        case 2:
            let new = number()
            _ = try await noting(key) { () throws(StoreError) in
                try await store.write(durability: .buffered) { $0.set(name, to: Bytes(String(new))) }
                return .write(new)
            }
        default:
            let new = number()
            let found = try await noting(key) { () throws(StoreError) in
                .read(try await HistoryClient.number(at: name, store))
            }
            guard case .read(let old) = found else { return }
            _ = try await noting(key) { () throws(StoreError) in
                let result = try await store.write(durability: .buffered) { batch in
                    batch.require(old.map { .equals(name, Bytes(String($0))) } ?? .absent(name))
                    batch.set(name, to: Bytes(String(new)))
                }
                return .swap(expected: old, new: new, isDone: result.isCommitted)
            }
        }
    }

    /// Records the operation that `body` makes, with its times.
    private mutating func noting(
        _ key: Int, _ body: () async throws(StoreError) -> RegisterOperation.Kind
    ) async throws(StoreError) -> RegisterOperation.Kind {
        made += 1
        let begin = clock.next()
        let kind = try await body()
        history.registers.append(RegisterOperation(key: key, kind: kind, begin: begin, end: clock.next()))
        return kind
    }

    private static func number(at key: Bytes, _ store: any KeyValueStore) async throws(StoreError) -> Int? {
        try await store.get(key).flatMap { Int(String($0)) }
    }

    /// Reads every list once more, after all tasks have ended.
    static func finish(_ history: History, store: any KeyValueStore, clock: EventClock) async throws -> History {
        var keys: Set<Int> = []
        for transaction in history.transactions {
            for case .append(let key, _) in transaction.steps { keys.insert(key) }
        }
        let begin = clock.next()
        let steps: [ListTransaction.Step] = try await store.withTransaction { tx in
            let entries = try await tx.list(.prefix("list:"))
            let lists = Dictionary(uniqueKeysWithValues: entries.map { ($0.key, $0.value.listElements) })
            return keys.sorted().map { .read(key: $0, lists[Bytes("list:\($0)")] ?? []) }
        }
        var history = history
        history.transactions.append(
            ListTransaction(steps: steps, isCommitted: true, begin: begin, end: clock.next()))
        return history
    }
}
