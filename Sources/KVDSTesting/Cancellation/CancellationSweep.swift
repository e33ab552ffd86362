public import KVDS
import Synchronization

/// Cancels a call at each of its suspension points, one run per point, and checks the result.
///
/// The call and its neighbour run on an executor that runs one step at a time, in an order derived from a seed. The
/// first run cancels the call's task before it begins, the second after the first step, and so on, until the call ends
/// before its cancellation. Work on the engine's own threads runs concurrently.
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
    /// One run: the call to cancel, a concurrent call, and a check of the result.
    public struct Case: Sendable {
        let victim: @Sendable () async throws -> Void
        let neighbour: @Sendable () async throws -> Void
        let check: @Sendable (StoreError?) async throws -> Void

        /// - Parameters:
        ///   - victim: the call that is cancelled. It must return, or throw a `StoreError` with `.cancelled`.
        ///   - neighbour: a concurrent call, which must not fail.
        ///   - check: called after both have ended, with the error that `victim` threw, if any.
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

    /// The seed of the order of steps.
    public let seed: UInt64
    /// How long a run may take before it counts as hanging. Only a run that hangs waits this long.
    public let patience: Duration

    private static let maximumSteps = 1_000
    private static let count = Atomic(0)
    /// The number of cancellations in this process so far.
    public static var cancellations: Int { count.load(ordering: .relaxed) }

    public init(seed: UInt64, patience: Duration = .seconds(60)) {
        self.seed = seed
        self.patience = patience
    }

    /// Cancels the call at each of its suspension points.
    ///
    /// - Parameters:
    ///   - name: the name of the call, for failures.
    ///   - makeCase: makes the run with the given number, counted from 0.
    /// - Returns: the number of points at which the call was cancelled.
    /// - Throws: a failure that names the point and the problem.
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

    /// - Returns: whether the call ended before it could be cancelled.
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
        // The executor's jobs refer to it by address and do not retain it.
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
