import KVDSTesting
import Testing

@testable import KVDS

@Suite("NumberSequence", .timeLimit(.minutes(1)))
struct NumberSequenceTests {
    @Test("a call of an already cancelled task takes no number")
    func cancelled() async throws {
        let sequence = NumberSequence("n", in: MemoryStore())
        let call = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return try await sequence.next()
        }
        await #expect { _ = try await call.value } throws: { ($0 as? StoreError)?.code == .cancelled }
        #expect(try await sequence.next() == 1)
    }

    @Test("with blocks of 1 a call that begins after another one's end gets a greater number")
    func laterIsGreater() async throws {
        let store = MemoryStore()
        let slow = SlowAnswers(store)
        let sequence = NumberSequence("n", in: slow)
        let others = NumberSequence("n", in: store)
        for round in 0..<20 {
            // A number is reserved, but its caller has not received it yet.
            await slow.hold()
            let first = Task(priority: .low) { try await sequence.next() }
            await slow.isHeld()
            let between = try await others.next()
            let later = (0..<4).map { _ in Task(priority: .high) { try await sequence.next() } }
            for _ in 0..<20 { await Task.yield() }
            await slow.release()
            #expect(try await first.value < between)
            for task in later { #expect(try await task.value > between, "round \(round)") }
        }
        #expect(try await Counter("n", in: store).value == 20 * 6)
    }

    @Test("the last possible number is given out, and the next call throws and takes nothing")
    func lastNumber() async throws {
        for blockLength in [1, 3] {
            let store = MemoryStore()
            try await store.set("n", to: Bytes("\(Int.max - 3)"))
            let sequence = NumberSequence("n", in: store, blockLength: blockLength)
            for number in Int.max - 2...Int.max { #expect(try await sequence.next() == number) }
            for _ in 0..<2 {
                await #expect { _ = try await sequence.next() } throws: {
                    ($0 as? StoreError)?.code == .invalidValue
                }
            }
            #expect(try await store.get("n") == Bytes("\(Int.max)"))
        }
    }

    @Test("concurrent calls share one commit and skip no number, even with a block length of 1")
    func shared() async throws {
        let store = MemoryStore()
        let slow = SlowAnswers(store)
        let sequence = NumberSequence("n", in: slow)
        await slow.hold()
        let first = Task { try await sequence.next() }
        await slow.isHeld()
        let calls = [first] + (1..<50).map { _ in Task { try await sequence.next() } }
        while await sequence.waitingCount < 50 { await Task.yield() }
        await slow.release()
        var numbers: [Int] = []
        for call in calls { numbers.append(try await call.value) }
        #expect(numbers.sorted() == Array(1...50))
        #expect(await slow.commits == 2)
    }

    @Test("calls made while a block is being reserved get numbers from it if there are enough")
    func sharedBlock() async throws {
        let slow = SlowAnswers(MemoryStore())
        let sequence = NumberSequence("n", in: slow, blockLength: 7)
        await slow.hold()
        let first = Task { try await sequence.next() }
        await slow.isHeld()
        let later = (0..<3).map { _ in Task { try await sequence.next() } }
        while await sequence.waitingCount < 4 { await Task.yield() }
        await slow.release()
        var numbers = [try await first.value]
        for call in later { numbers.append(try await call.value) }
        #expect(numbers.sorted() == [1, 2, 3, 4])
        #expect(try await sequence.next() == 5)
        #expect(await slow.commits == 1)
    }
}

/// A store that makes commits immediately but answers them on demand.
private actor SlowAnswers: BareLayer {
    nonisolated let base: any KeyValueStore
    private var isHolding = false
    private var held: [CheckedContinuation<Void, Never>] = []
    private var watchers: [CheckedContinuation<Void, Never>] = []
    private(set) var commits = 0

    init(_ base: any KeyValueStore) { self.base = base }

    func hold() { isHolding = true }

    func release() {
        isHolding = false
        for caller in held { caller.resume() }
        held = []
    }

    /// Waits until a commit has been made but not answered.
    func isHeld() async {
        if held.isEmpty { await withCheckedContinuation { watchers.append($0) } }
    }

    func commit(_ batch: WriteBatch) async throws(StoreError) -> CommitResult {
        let result = try await base.commit(batch)
        commits += 1
        if isHolding {
            await withCheckedContinuation { caller in
                held.append(caller)
                for watcher in watchers { watcher.resume() }
                watchers = []
            }
        }
        return result
    }
}
