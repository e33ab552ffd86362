#if Command
import KVDS
import KVDSTesting

/// One of many tasks that read, set, delete and swap registers, and occasionally make the store fail.
struct RegisterClient {
    /// The operations and errors of the client.
    struct Record: Sendable {
        var operations: [RegisterOperation] = []
        var made = 0
        var unknown = 0
        var failed = 0
        var faults = 0
    }

    let task: Int
    let tasks: Int
    let source: FaultyStore
    let clock: EventClock
    /// Whether to stop when the store must be reopened, and leave reopening to the caller.
    let leavesReopening: Bool
    var random: SplitMix64
    private(set) var record = Record()
    private var lastNumber = 0
    private var seen: [Int: Int?] = [:]

    init(task: Int, of tasks: Int, seed: UInt64, source: FaultyStore, clock: EventClock, leavesReopening: Bool) {
        self.task = task
        self.tasks = tasks
        self.source = source
        self.clock = clock
        self.leavesReopening = leavesReopening
        random = SplitMix64(seed: seed &+ UInt64(task) &* 0x9E37_79B9)
    }

    /// Clears the record, except for the number of operations made.
    mutating func forget() { record = Record(made: record.made) }

    mutating func run(until end: Int) async throws {
        while record.made < end {
            let opened = try await source.opened()
            if random.oneIn(300) { addFault() }
            if !leavesReopening, random.oneIn(1_000) { try await source.close(opened.number) }
            do {
                try await operate(opened.store)
            } catch let error as StoreError {
                record.failed += 1
                switch error.code {
                case .closed: break
                case .ioFailure where error.message == Self.injected: break
                case .writesRefused, .outcomeUnknown:
                    if leavesReopening { return }
                    try await source.close(opened.number)
                default: throw error
                }
            }
        }
    }

    private static let injected = "injected"

    private mutating func addFault() {
        let points: [Faults.Point] = [
            .get, .snapshot, .fill, .begin, .read, .set, .delete, .commit, .commit, .committed, .committed,
        ]
        let point = points[random.below(points.count)]
        let isUnknown = point == .committed || point == .commit && random.oneIn(2)
        let error = StoreError(isUnknown ? .outcomeUnknown : .ioFailure, Self.injected)
        source.faults.fail(point, onCall: 1 + random.below(20), with: error)
        record.faults += 1
    }

    private mutating func operate(_ store: any KeyValueStore) async throws {
        record.made += 1
        // The keys in use change over time, so that tasks meet and no register is used too often.
        let key = record.made / 20 + random.below(5)
        let name = Bytes("register:\(key)")
        switch random.below(20) {
        case ..<8: try await read(key, name, store)
        case ..<12:
            let new = number()
            try await change(key, .write(new), unknown: .write(new)) {
                _ = try await store.set(name, to: Bytes(String(new)))
                return true
            }
        case ..<14:
            try await change(key, .delete, unknown: .delete) {
                _ = try await store.delete(name)
                return true
            }
        default: try await swap(key, name, store)
        }
    }

    /// Swaps the value read last for a new number or for nothing.
    private mutating func swap(_ key: Int, _ name: Bytes, _ store: any KeyValueStore) async throws {
        if seen[key] == nil { try await read(key, name, store) }
        let expected = seen[key] ?? nil
        let new = random.oneIn(5) && expected != nil ? nil : number()
        let isDone = try await change(
            key, .swap(expected: expected, new: new, isDone: true), unknown: .attempt(expected: expected, new: new)
        ) {
            let old = expected.map { Bytes(String($0)) }
            if let new { return try await store.compareAndSwap(name, expected: old, new: Bytes(String(new))) }
            return try await store.compareAndDelete(name, expected: old ?? Bytes())
        }
        seen[key] = isDone ? .some(new) : nil
    }

    private mutating func read(_ key: Int, _ name: Bytes, _ store: any KeyValueStore) async throws {
        let begin = clock.next()
        let value: Bytes?
        switch random.below(4) {
        case 0: value = try await store.withValue(for: name) { (span: RawSpan) in Bytes(copying: span) }
        case 1:
            var scan = store.entries(in: .key(name)).makeAsyncIterator()
            value = try await scan.next()?.value
        default: value = try await store.get(name)
        }
        let number = value.flatMap { Int(String($0)) }
        record.operations.append(
            RegisterOperation(key: key, kind: .read(number), begin: begin, end: clock.next()))
        seen[key] = .some(number)
    }

    /// Records a change as made, not made, or with an unknown outcome. A change that certainly failed is not recorded,
    /// because no read may see it.
    @discardableResult
    private mutating func change(
        _ key: Int, _ kind: RegisterOperation.Kind, unknown: RegisterOperation.Kind, _ body: () async throws -> Bool
    ) async throws -> Bool {
        let begin = clock.next()
        do {
            let isDone = try await body()
            var kind = kind
            if case .swap(let expected, let new, _) = kind {
                kind = .swap(expected: expected, new: new, isDone: isDone)
            }
            record.operations.append(RegisterOperation(key: key, kind: kind, begin: begin, end: clock.next()))
            return isDone
        } catch let error as StoreError where error.code == .outcomeUnknown {
            record.unknown += 1
            record.operations.append(
                RegisterOperation(key: key, kind: unknown, begin: begin, end: RegisterOperation.never))
            throw error
        }
    }

    private mutating func number() -> Int {
        lastNumber += 1
        return lastNumber * tasks + task
    }
}
#endif
