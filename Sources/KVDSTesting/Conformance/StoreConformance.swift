public import KVDS

/// The promises of the contract as checks that any `KeyValueStore` can be put through from its own tests.
///
/// In one line, or one test for each check:
///
/// ```swift
/// try await StoreConformance(seed: 42) { try await openEmptyStore() }.run()
///
/// @Test(arguments: StoreConformance.checks)
/// func conforms(_ check: StoreConformance.Check) async throws {
///     try await StoreConformance { MemoryStore() }.run(check)
/// }
/// ```
///
/// A store that keeps its data hands in a second closure as well, and is put through the checks that need one:
///
/// ```swift
/// try await StoreConformance { try await open(freshDirectory()) } reopen: { try await open(directory) }.run()
/// ```
///
/// The checks use only the public contract, and no clock: none sleeps. What is random follows from the seed, which every
/// failure names.
public struct StoreConformance: Sendable {
    /// Makes a store, or opens one again.
    public typealias MakeStore = @Sendable () async throws -> any KeyValueStore

    /// What every random choice follows from.
    public let seed: UInt64
    /// How often each of 64 tasks increments the shared counter.
    public let increments: Int
    /// How many random operations the model check makes.
    public let operations: Int

    let makeStore: MakeStore
    let reopen: MakeStore?

    /// - Parameters:
    ///   - seed: what every random choice follows from.
    ///   - increments: how often each of 64 tasks increments the shared counter. A store that syncs every commit is slow at
    ///     that.
    ///   - operations: how many random operations the model check makes.
    ///   - makeStore: makes a fresh, empty store each time it is called. The suite closes what it makes.
    ///   - reopen: opens the store that `makeStore` made last again, after it was closed; nil for a store that keeps
    ///     nothing. Checks that run at the same time need suites, and places for their stores, of their own.
    public init(
        seed: UInt64 = 42, increments: Int = 50, operations: Int = 1_000, makeStore: @escaping MakeStore,
        reopen: MakeStore? = nil
    ) {
        self.seed = seed
        self.increments = increments
        self.operations = operations
        self.makeStore = makeStore
        self.reopen = reopen
    }

    /// What came of a check that did not fail.
    public enum Outcome: Hashable, Sendable {
        case passed
        /// It does not apply to the store, for this reason.
        case skipped(String)
    }

    /// Runs ``checks`` one after the other.
    ///
    /// - Returns: the checks that do not apply to the store.
    /// - Throws: what the first check that fails throws.
    @discardableResult
    public func run() async throws(ConformanceFailure) -> [Check] {
        var skipped: [Check] = []
        for check in Self.checks {
            if try await run(check) != .passed { skipped.append(check) }
        }
        return skipped
    }

    /// Runs one check, over stores of its own, and closes them.
    ///
    /// - Returns: whether it applies: a check of an ability that the store does not have is skipped, and one that needs
    ///   `reopen` where there is none.
    /// - Throws: a failure that tells what differed; errors of the store are its cause.
    @discardableResult
    public func run(_ check: Check) async throws(ConformanceFailure) -> Outcome {
        if check.needsReopening && reopen == nil { return .skipped("the store cannot be opened again") }
        let context = CheckContext(suite: self)
        var failure: (any Error)?
        do {
            try await check.body(context, try await context.makeStore())
        } catch {
            failure = error
        }
        do {
            try await context.closeAll()
        } catch {
            failure = failure ?? error
        }
        guard let failure else { return .passed }
        if let missing = failure as? MissingAbility { return .skipped("the store has no \(missing.ability)") }
        let message = (failure as? Difference)?.message ?? "a call threw an error that was not expected"
        throw ConformanceFailure(
            check: check.name, seed: seed, message: message, cause: failure is Difference ? nil : failure)
    }
}
