public import KVDS
import Synchronization

/// Cancels a call at each of its suspension points, one run after the other, and looks what came of it.
///
/// The call and its neighbours run on an executor that does one step at a time, in an order that follows from a seed. In
/// the first run the call's task is cancelled before it begins, in the second after the first step, and so on until the
/// call ends before its turn. What the engine does on threads of its own goes on beside that.
///
/// ```swift
/// try await CancellationSweep(seed: 42).run("backup") { number in
///     CancellationSweep.Case {
///         try await store.backup(to: "\(directory)/\(number)") { _ in }
///     } check: { error in
///         #expect(error == nil || error?.code == .cancelled)
///     }
/// }
/// ```
public struct CancellationSweep: Sendable {
    /// One run: what is cancelled, what goes on beside it, and what must be true then.
    public struct Case: Sendable {
        let victim: @Sendable () async throws -> Void
        let neighbour: @Sendable () async throws -> Void
        let check: @Sendable (StoreError?) async throws -> Void

        /// - Parameters:
        ///   - victim: the call that is cancelled. It returns, or throws a `StoreError` with `.cancelled`.
        ///   - neighbour: what others do meanwhile, which must not fail.
        ///   - check: is told what the call threw, once both have ended.
        public init(
            victim: @escaping @Sendable () async throws -> Void,
            neighbour: @escaping @Sendable () async throws -> Void = {},
            check: @escaping @Sendable (StoreError?) async throws -> Void = { _ in }
        ) {
            self.victim = victim
            self.neighbour = neighbour
            self.check = check
        }
    }

    /// What the order of steps follows from.
    public let seed: UInt64
    /// How long a run may take before it is said to hang. Nothing is waited for that long otherwise.
    public let patience: Duration

    private static let maximumSteps = 1_000
    private static let count = Atomic(0)
    /// How often a call has been cancelled in this process.
    public static var cancellations: Int { count.load(ordering: .relaxed) }

    public init(seed: UInt64, patience: Duration = .seconds(60)) {
        self.seed = seed
        self.patience = patience
    }

    /// Goes through all points of a call.
    ///
    /// - Parameters:
    ///   - name: the call, for failures.
    ///   - makeCase: makes the run with this number, from 0.
    /// - Returns: at how many points it was cancelled.
    /// - Throws: a failure that says at which point what went wrong.
    @discardableResult
    public func run(_ name: String, _ makeCase: (Int) async throws -> Case) async throws -> Int {
        let thread = try WorkerThreads()
        for step in 0..<Self.maximumSteps {
            let isOver = try await run(name, at: step, makeCase(step), thread)
            if isOver { return step }
            Self.count.add(1, ordering: .relaxed)
        }
        throw Difference("\(name) does not end in \(Self.maximumSteps) steps")
    }

    /// - Returns: whether the call had ended when its turn came to be cancelled.
    private func run(_ name: String, at step: Int, _ one: Case, _ thread: WorkerThreads) async throws -> Bool {
        let executor = SteppingExecutor(seed: seed &+ UInt64(step), thread: thread, interruptedStep: step)
        let progress = Monitor((hasEnded: false, wasCancelled: false))
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        let victim = Task(executorPreference: executor) {
            let error = await Self.outcome(one.victim)
            progress.withLock { $0.hasEnded = true }
            end.yield()
            return error
        }
        let neighbour = Task(executorPreference: executor) {
            let error = await Self.outcome(one.neighbour)
            end.yield()
            return error
        }
        let alarm = Task {
            try await Task.sleep(for: patience)
            end.finish()
        }
        // Its jobs know it by address.
        defer { withExtendedLifetime(executor) { alarm.cancel() } }
        executor.start {
            progress.withLock { $0.wasCancelled = !$0.hasEnded }
            victim.cancel()
        }
        var ended = ends.makeAsyncIterator()
        for _ in 0..<2 {
            if await ended.next() == nil {
                throw Difference("\(name), cancelled after step \(step), or its neighbour hangs")
            }
        }
        let error = await victim.value
        if let error, (error as? StoreError)?.code != .cancelled {
            throw Difference("\(name), cancelled after step \(step), threw \(error)")
        }
        let wasCancelled = progress.withLock { $0.wasCancelled }
        if error != nil, !wasCancelled { throw Difference("\(name) threw \(error as Any) without being cancelled") }
        if let error = await neighbour.value {
            throw Difference("\(name), cancelled after step \(step), made its neighbour throw \(error)")
        }
        do {
            try await one.check(error as? StoreError)
        } catch let difference as Difference {
            throw Difference("\(name), cancelled after step \(step): \(difference.message)")
        }
        return !wasCancelled
    }

    private static func outcome(_ body: () async throws -> Void) async -> (any Error)? {
        do {
            try await body()
            return nil
        } catch {
            return error
        }
    }
}
