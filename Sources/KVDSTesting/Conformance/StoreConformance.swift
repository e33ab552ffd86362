public import KVDS

/// The guarantees of the contract as checks. Any `KeyValueStore` can run them in its own tests.
///
/// Run all checks in one line, or one test for each check:
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
/// A persistent store passes a second closure, which enables the checks that open a store again:
///
/// ```swift
/// try await StoreConformance { try await open(freshDirectory()) } reopen: { try await open(directory) }.run()
/// ```
///
/// The checks use only the public contract. They need no clock, and none of them sleeps. All random input is derived
/// from the seed, which every failure names.
public struct StoreConformance: Sendable {
    /// Makes a store, or opens one again.
    public typealias MakeStore = @Sendable () async throws -> any KeyValueStore

    /// The seed of all random choices.
    public let seed: UInt64
    /// The number of times that each of 64 tasks increments a shared counter.
    public let increments: Int
    /// The number of random operations of the model check.
    public let operations: Int

    let makeStore: MakeStore
    let reopen: MakeStore?

    /// - Parameters:
    ///   - seed: the seed of all random choices.
    ///   - increments: the number of times that each of 64 tasks increments a shared counter. Use a small number for a
    ///     store that syncs every commit.
    ///   - operations: the number of random operations of the model check.
    ///   - makeStore: makes a new, empty store on each call. The suite closes the stores it makes.
    ///   - reopen: opens again, after it was closed, the store that `makeStore` made last; nil for a store that is not
    ///     persistent. Checks that run concurrently need separate suites and separate places for their stores.
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

    /// The outcome of a check that did not fail.
    public enum Outcome: Hashable, Sendable {
        case passed
        /// The check does not apply to the store, for this reason.
        case skipped(String)
    }

    /// Runs ``checks`` one after the other.
    ///
    /// - Returns: the checks that do not apply to the store.
    /// - Throws: the error of the first check that fails.
    @discardableResult
    public func run() async throws(ConformanceFailure) -> [Check] {
        var skipped: [Check] = []
        for check in Self.checks {
            if try await run(check) != .passed { skipped.append(check) }
        }
        return skipped
    }

    /// Runs one check on new stores and closes them.
    ///
    /// - Returns: whether the check passed or was skipped. It is skipped if the store lacks the capability that it
    ///   tests, or if it needs `reopen` and there is none.
    /// - Throws: a failure that describes the difference. An error of the store is its cause.
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
        if let missing = failure as? MissingCapability { return .skipped("the store has no \(missing.name)") }
        let message = (failure as? Difference)?.message ?? "a call threw an error that was not expected"
        throw ConformanceFailure(
            check: check.name, seed: seed, message: message, cause: failure is Difference ? nil : failure)
    }
}
