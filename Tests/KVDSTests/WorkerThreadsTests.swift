import Testing

@testable import KVDS

@Suite("WorkerThreads", .timeLimit(.minutes(1)))
struct WorkerThreadsTests {
    /// The completed jobs in order, and a gate that blocks jobs.
    private struct State {
        var done: [Int] = []
        var isHeld = false
        var isOpen = false
    }

    private let state = Monitor(State())

    private var done: [Int] { state.withLock { $0.done } }

    private func submit(_ number: Int, to threads: WorkerThreads) {
        let state = state
        threads.submit { state.withLock { $0.done.append(number) } }
    }

    /// Blocks a thread until ``open()``.
    private func hold(_ threads: WorkerThreads) async {
        let state = state
        threads.submit {
            state.withLock { $0.isHeld = true }
            state.wait { $0.isOpen ? () : nil }
        }
        #expect(await soon { state.withLock { $0.isHeld } })
    }

    private func open() {
        state.withLock { $0.isOpen = true }
        state.wakeAll()
    }

    @Test("a sleeping thread is woken for a job")
    func waking() async throws {
        let threads = try WorkerThreads()
        for number in 0..<3 {
            // Long enough for the thread to fall asleep.
            try await Task.sleep(for: .milliseconds(50))
            submit(number, to: threads)
            try #require(await soon { done == Array(0...number) })
        }
    }

    @Test("each of four jobs wakes a thread of its own, whether or not the threads sleep")
    func meeting() async throws {
        let threads = try WorkerThreads(count: 4)
        for round in 0..<500 {
            if round % 100 == 0 { try await Task.sleep(for: .milliseconds(20)) }
            let met = Monitor(0)
            for number in 0..<4 {
                let state = state
                // Each waits for all of them, so they need four threads.
                threads.submit {
                    met.withLock { $0 += 1 }
                    met.wakeAll()
                    met.wait { $0 == 4 ? () : nil }
                    state.withLock { $0.done.append(number) }
                }
            }
            try #require(await soon { done.count == (round + 1) * 4 }, "round \(round)")
        }
    }

    @Test("one thread runs its jobs in order, including those left when it is stopped")
    func order() async throws {
        let threads = try WorkerThreads()
        await hold(threads)
        for number in 0..<5 { submit(number, to: threads) }
        threads.stop()
        open()
        #expect(await soon { done.count == 5 })
        #expect(done == Array(0..<5))
    }

    @Test("a job submitted after the stop runs at once on the submitting thread")
    func stopped() throws {
        let threads = try WorkerThreads()
        threads.stop()
        submit(1, to: threads)
        #expect(done == [1])
    }
}
