import Testing

@testable import KVDS

@Suite("Monitor", .timeLimit(.minutes(1)))
struct MonitorTests {
    @Test("concurrent changes under the lock of a monitor are never lost")
    func exclusion() async {
        let number = Monitor(0)
        await withTaskGroup(of: Void.self) { tasks in
            for _ in 0..<4 { tasks.addTask { for _ in 0..<100_000 { number.withLock { $0 += 1 } } } }
        }
        #expect(number.withLock { $0 } == 400_000)
    }

    @Test("wakeAll wakes every waiting thread")
    func wakingAll() async throws {
        struct State {
            var looks = 0
            var isOpen = false
            var ended = 0
        }
        let state = Monitor(State())
        let threads = try WorkerThreads(count: 3)
        for _ in 0..<3 {
            threads.submit {
                state.wait { state -> Void? in
                    state.looks += 1
                    return state.isOpen ? () : nil
                }
                state.withLock { $0.ended += 1 }
            }
        }
        // A thread that has checked the condition waits, or still holds the lock.
        #expect(await soon { state.withLock { $0.looks } == 3 })
        state.withLock { $0.isOpen = true }
        state.wakeAll()
        #expect(await soon { state.withLock { $0.ended } == 3 })
        for _ in 0..<3 { state.wakeAll() }
    }

    @Test("a wait with a limit lasts that long, and ends at once if its condition holds")
    func limits() {
        let value = Monitor<Int?>(nil)
        let start = ContinuousClock.now
        // This usually crosses a second of the system's clock.
        let none = value.wait(.milliseconds(990)) { $0 }
        #expect(none == nil)
        #expect(ContinuousClock.now - start >= .milliseconds(980))
        value.withLock { $0 = 7 }
        #expect(value.wait(.seconds(50)) { $0 } == 7)
        #expect(ContinuousClock.now - start < .seconds(50))
    }
}
