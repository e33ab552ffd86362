import KVDS
import Testing

@testable import KVDSTesting

@Suite("CancellationSweep", .timeLimit(.minutes(1)))
struct CancellationSweepTests {
    @Test(
        "a store that mishandles a cancelled call or the calls beside it is caught", arguments: Wrong.allCases)
    func broken(_ wrong: Wrong) async throws {
        await #expect(throws: Difference.self) { try await sweep(TurnStore(wrong)) }
    }

    @Test("a store that handles cancellation correctly passes the cancellation sweep")
    func sound() async throws {
        let points = try await sweep(TurnStore(nil))
        #expect(points > 2)
    }

    private func sweep(_ store: TurnStore) async throws -> Int {
        // Long enough for steps that do not wait. Only a step that hangs takes this long.
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
        /// Throws `.cancelled` although it has committed.
        case commitsAllTheSame
        /// Does not pass the turn on when it is cancelled.
        case keepsTheTurn
        /// Throws `.cancelled` from the next call, too.
        case blamesTheNext

        var description: String { rawValue }
    }

    /// A store that commits one batch at a time, each after some steps.
    ///
    /// `@safe` because each continuation is removed from the queue before it is resumed.
    @safe
    actor TurnStore: BareLayer {
        nonisolated let base: any KeyValueStore = MemoryStore()
        private let wrong: Wrong?
        private var isBusy = false
        private var blames = false
        /// Unchecked continuations, because the test must detect a caller that is never resumed.
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
            // In a separate task, which is not cancelled.
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
