import KVDSTesting
import Testing

@testable import KVDS

@Suite("Transactions", .timeLimit(.minutes(2)))
struct TransactionTests {
    typealias Store = EmbeddedStore<FaultInjectingEngine<MemoryEngine>>

    private static func open(_ faults: Faults) async throws -> Store {
        try await Store.open("faulty:") { FaultInjectingEngine(MemoryEngine(), faults: faults) }
    }

    @Test("a commit that fails or has an unknown outcome is not tried again")
    func failures() async throws {
        let cases: [(Faults.Point, StoreError.Code)] = [
            (.committed, .outcomeUnknown), (.commit, .diskFull), (.begin, .busy),
        ]
        for (point, code) in cases {
            let faults = Faults()
            let store = try await Self.open(faults)
            try await store.set("a", to: "1")
            faults.fail(point, with: StoreError(code, "A fault."))
            var runs = 0
            let error = try await #require(throws: StoreError.self) {
                try await store.withTransaction { tx in
                    runs += 1
                    _ = try await tx.get("a")
                    tx.set("a", to: "2")
                }
            }
            #expect(error.code == code)
            #expect(runs == 1)
            #expect(try await store.get("a") == (code == .outcomeUnknown ? "2" : "1"))
            try await store.close()
        }
    }

    @Test("without a free snapshot the store itself is read, and the commit finds contradictions")
    func noView() async throws {
        let faults = Faults()
        let store = try await Self.open(faults)
        try await store.write {
            $0.set("a", to: "1"); $0.set("b", to: "1")
        }
        faults.fail(.snapshot, times: nil, with: StoreError(.tooManySnapshots, "A fault."))
        var runs = 0
        let result = try await store.withTransactionResult { tx in
            runs += 1
            let a = try await tx.get("a")
            if runs == 1 {
                try await store.write {
                    $0.set("a", to: "2"); $0.set("b", to: "2")
                }
            }
            return [a, try await tx.get("b")]
        }
        #expect(result.value == ["2", "2"])
        #expect(result.attempts == 2)
        faults.clear()
        try await store.close()
    }

    @Test("a transaction holds no snapshot once it has ended, however it ends")
    func views() async throws {
        struct Stop: Error {}
        let store = MemoryStore()
        try await store.set("a", to: "1")
        func attempt(_ change: Bool, _ stops: Bool) async throws {
            try await store.withTransaction(options: TransactionOptions(maximumAttempts: 1)) { tx in
                _ = try await tx.get("a")
                var scan = tx.entries().makeAsyncIterator()
                _ = try await scan.next()
                #expect(try await store.statistics().openSnapshots >= 1)
                tx.set("b", to: "1")
                if change { try await store.set("a", to: "2") }
                if stops { throw Stop() }
            }
        }
        try await attempt(false, false)
        #expect(try await store.statistics().openSnapshots == 0)
        await #expect(throws: Stop.self) { try await attempt(false, true) }
        #expect(try await store.statistics().openSnapshots == 0)
        await #expect(throws: StoreError.self) { try await attempt(true, false) }
        #expect(try await store.statistics().openSnapshots == 0)
    }

    @Test("the wait before the next attempt is random, and its bound doubles up to the maximum")
    func backoff() {
        func backoff(_ number: UInt64) -> Backoff {
            Backoff(initial: .milliseconds(1), maximum: .milliseconds(50)) { number }
        }
        let longest = [1, 2, 3, 6, 7, 50, 1_000_000].map { backoff(.max).pause(after: $0) / .milliseconds(1) }
        for (actual, bound) in zip(longest, [1, 2, 4, 32, 50, 50, 50]) {
            #expect(actual <= Double(bound) && actual > Double(bound) * 0.999)
        }
        #expect(backoff(.max / 2 + 1).pause(after: 3) == .milliseconds(2))
        #expect(backoff(0).pause(after: 9) == .zero)
        let endless = Backoff(initial: .seconds(Int64.max), maximum: .milliseconds(1)) { .max }
        #expect(endless.pause(after: 50) <= .milliseconds(1))
        #expect(Backoff(initial: .nanoseconds(1), maximum: .seconds(Int64.max)) { 0 }.pause(after: .max) == .zero)
    }

    @Test(
        "a transaction waits between attempts by its clock, and a cancelled wait changes nothing",
        arguments: [true, false])
    func waiting(isCancelled: Bool) async throws {
        let store = MemoryStore()
        try await store.set("a", to: "0")
        let clock = ManualClock()
        let backoff = Backoff(initial: .seconds(1), maximum: .seconds(100), clock: clock) { .max / 2 + 1 }
        let task = Task {
            try await store.withTransactionResult(options: TransactionOptions(backoff: backoff)) { tx in
                let number = try await tx.get("a").flatMap { Int(String($0)) } ?? 0
                if number < 3 { try await store.set("a", to: Bytes("\(number + 1)")) }
                tx.set("b", to: "1")
            }.attempts
        }
        for seconds in [0.5, 1, 2] {
            await clock.sleepers(1)
            #expect(clock.pauses == [.seconds(seconds)])
            if isCancelled { break }
            clock.advance(by: .seconds(seconds))
        }
        if isCancelled {
            task.cancel()
            let error = await #expect(throws: StoreError.self) { try await task.value }
            #expect(error?.code == .cancelled)
            #expect(try await store.get("b") == nil)
        } else {
            #expect(try await task.value == 4)
        }
    }

    @Test("a key read as present and then as absent gives two conditions that never both hold")
    func vanished() {
        var reads = ReadSet()
        reads.add("key", .present)
        #expect(reads.isSingleRead)
        reads.add("key", .absent)
        #expect(reads.conditions == [.present("key"), .absent("key")])
        #expect(!reads.isSingleRead)
        reads.add("key", .value("again"))
        #expect(reads.conditions == [.equals("key", "again"), .absent("key")])
    }

    @Test("a transaction of many keys has one condition for each key")
    func conditions() {
        var reads = ReadSet()
        for round in 0..<3 {
            for number in 0..<50 {
                reads.add(Bytes("\(number)"), number % 2 == 1 ? .absent : round == 0 ? .present : .value("v"))
            }
        }
        #expect(reads.conditions.count == 50)
        #expect(reads["0"] == .value("v") && reads["1"] == .absent && reads["50"] == nil)
        reads.add("x", .value("1"))
        reads.add("x", .value("2"))
        #expect(reads["x"] == .value("1"))
    }
}
