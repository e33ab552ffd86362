import KVDSTesting
import Synchronization
import Testing

@testable import KVDS

@Suite("ReadGate", .timeLimit(.minutes(1)))
struct ReadGateTests {
    private static let closed = StoreError(.closed, "The store is closed.")

    @Test("a gate without readers runs the body, and reads can enter afterwards")
    func idle() throws {
        let gate = ReadGate()
        var ran = false
        #expect(try gate.withoutReaders(milliseconds: 1) { () throws(StoreError) in ran = true })
        #expect(ran)
        #expect(try gate.withRead(orThrow: Self.closed) { () throws(StoreError) in 1 } == 1)
    }

    @Test("a gate does not run the body during a read")
    func busy() throws {
        let gate = ReadGate()
        try gate.withRead(orThrow: Self.closed) { () throws(StoreError) in
            let hasRun = try gate.withoutReaders(milliseconds: 1) { () throws(StoreError) in
                Issue.record("ran beside a read")
            }
            #expect(!hasRun)
        }
        #expect(try gate.withoutReaders(milliseconds: 1) { () throws(StoreError) in })
    }

    @Test("a closed gate admits no read and no pause")
    func closed() {
        let gate = ReadGate()
        gate.close()
        #expect(!gate.isOpen)
        #expect(throws: StoreError.self) { try gate.withRead(orThrow: Self.closed) { () throws(StoreError) in } }
        #expect(throws: StoreError.self) { try gate.withoutReaders(milliseconds: 1) { () throws(StoreError) in } }
    }

    @Test("closing a gate waits for the read under way and is woken when it ends")
    func closingWaits() throws {
        let gate = ReadGate()
        let isClosed = Monitor(false)
        let thread = try WorkerThreads()
        try gate.withRead(orThrow: Self.closed) { () throws(StoreError) in
            thread.submit {
                gate.close()
                isClosed.withLock { $0 = true }
                isClosed.wakeAll()
            }
            // Long enough for a call that does not wait.
            let wasEarly = isClosed.wait(.milliseconds(200)) { $0 ? () : nil } != nil
            #expect(!wasEarly, "it was closed beside a read")
        }
        let wasWoken = isClosed.wait(.seconds(20)) { $0 ? () : nil } != nil
        #expect(wasWoken)
    }

    @Test("a read that arrives during a pause waits for its end and is counted once")
    func paused() throws {
        let gate = ReadGate()
        let hasRead = Monitor(false)
        let thread = try WorkerThreads()
        var wasBeside = false
        let hasRun = try gate.withoutReaders(milliseconds: 1_000) { () throws(StoreError) in
            thread.submit {
                try? gate.withRead(orThrow: Self.closed) { () throws(StoreError) in }
                hasRead.withLock { $0 = true }
                hasRead.wakeAll()
            }
            wasBeside = hasRead.wait(.milliseconds(200)) { $0 ? () : nil } != nil
        }
        #expect(hasRun && !wasBeside)
        let wasWoken = hasRead.wait(.seconds(20)) { $0 ? () : nil } != nil
        #expect(wasWoken)
        #expect(try gate.withoutReaders(milliseconds: 1_000) { () throws(StoreError) in })
    }

    @Test("reads never overlap a pause, and closing waits for the last read")
    func exclusion() async throws {
        let gate = ReadGate()
        let counts = Counts()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for _ in 0..<4 {
                tasks.addTask {
                    for _ in 0..<2_000 {
                        try? gate.withRead(orThrow: Self.closed) { () throws(StoreError) in
                            counts.readers.add(1, ordering: .sequentiallyConsistent)
                            counts.readers.subtract(1, ordering: .sequentiallyConsistent)
                        }
                    }
                }
            }
            let owner = try WorkerThreads()
            for _ in 0..<200 {
                _ = try await owner.run { () throws(StoreError) in
                    try gate.withoutReaders(milliseconds: 100) { () throws(StoreError) in
                        if counts.readers.load(ordering: .sequentiallyConsistent) != 0 {
                            counts.meetings.add(1, ordering: .relaxed)
                        }
                    }
                }
            }
            try await owner.run { () throws(StoreError) in
                gate.close()
                if counts.readers.load(ordering: .sequentiallyConsistent) != 0 {
                    counts.meetings.add(1, ordering: .relaxed)
                }
            }
            try await tasks.waitForAll()
        }
        #expect(counts.meetings.load(ordering: .relaxed) == 0)
    }

    private final class Counts: Sendable {
        let readers = Atomic(0)
        let meetings = Atomic(0)
    }
}
