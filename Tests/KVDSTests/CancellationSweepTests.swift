import KVDS
import Testing

@testable import KVDSTesting

@Suite("CancellationSweep", .timeLimit(.minutes(1)))
struct CancellationSweepTests {
    @Test(
        "a store that does wrong by a call that is cancelled, or by others then, is caught", arguments: Wrong.allCases)
    func broken(_ wrong: Wrong) async throws {
        await #expect(throws: Difference.self) { try await sweep(TurnStore(wrong)) }
    }

    @Test("one that does right is not")
    func sound() async throws {
        let points = try await sweep(TurnStore(nil))
        #expect(points > 2)
    }

    private func sweep(_ store: TurnStore) async throws -> Int {
        // Long enough for steps that wait for nothing; only one that hangs takes it.
        try await CancellationSweep(seed: 42, patience: .seconds(2)).run("set") { number in
            let key = Bytes("\(number)")
            return CancellationSweep.Case {
                try await store.set(key, to: "1")
            } neighbour: {
                for _ in 0..<3 { try await store.set("neighbour", to: "1") }
            } check: { error in
                if try await store.exists(key) == (error != nil) { throw Difference("it is made and was cancelled") }
            }
        }
    }
}

extension CancellationSweepTests {
    enum Wrong: String, CaseIterable, CustomStringConvertible {
        /// Says that it was cancelled, and has done it.
        case commitsAllTheSame
        /// Wakes nobody when it leaves.
        case keepsTheTurn
        /// Says of the next call that it was cancelled.
        case blamesTheNext

        var description: String { rawValue }
    }

    /// A store whose commits are made in turns, each after some steps.
    ///
    /// `@safe` because each continuation is taken out of the line to be resumed.
    @safe
    actor TurnStore: StoreLayer {
        nonisolated let base: any KeyValueStore = MemoryStore()
        private let wrong: Wrong?
        private var isBusy = false
        private var blames = false
        /// Not checked: who is never woken is what is to be caught.
        private var line: [UnsafeContinuation<Void, Never>] = unsafe []

        init(_ wrong: Wrong?) { self.wrong = wrong }

        func commit(_ batch: WriteBatch) async throws(StoreError) -> CommitResult {
            if isBusy { unsafe await withUnsafeContinuation { unsafe line.append($0) } }
            isBusy = true
            await Task.yield()
            if Task.isCancelled || blames { return try await refuse(batch) }
            defer { passTurn() }
            return try await base.commit(batch)
        }

        private func refuse(_ batch: WriteBatch) async throws(StoreError) -> CommitResult {
            blames = wrong == .blamesTheNext && !blames
            // In a task of its own, which nobody cancels.
            let base = base
            if wrong == .commitsAllTheSame { _ = await Task { try await base.commit(batch) }.result }
            if wrong != .keepsTheTurn { passTurn() }
            throw StoreError(.cancelled, "The commit was cancelled.", store: description)
        }

        private func passTurn() {
            isBusy = unsafe !line.isEmpty
            if isBusy { unsafe line.removeFirst().resume() }
        }
    }
}
