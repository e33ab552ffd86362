/// A number that many tasks and processes count with, at one key of a store, as decimal text.
///
/// ```swift
/// let visits = Counter("visits", in: store)
/// let now = try await visits.add(1)
/// ```
public struct Counter: Sendable {
    /// The key at which the number lives.
    public let key: Bytes
    private let store: any KeyValueStore
    private let backoff: Backoff

    /// - Parameters:
    ///   - key: the key at which the number lives; with no value it is 0.
    ///   - store: where it lives.
    ///   - backoff: how long to wait when somebody else was faster.
    public init(_ key: Bytes, in store: any KeyValueStore, backoff: Backoff = Backoff()) {
        self.key = key
        self.store = store
        self.backoff = backoff
    }

    /// The number now.
    ///
    /// - Throws: `.invalidValue` when the key has a value that is no number, and what reading the store throws.
    public var value: Int {
        get async throws(StoreError) { try await read().number }
    }

    /// Adds `amount`, and tries again for as long as others are faster.
    ///
    /// - Returns: the number that came of it. Of calls that add 1 no two return the same.
    /// - Throws: `.invalidValue` when the key has a value that is no number, or the sum is none that fits into `Int`;
    ///   `.cancelled`, and what the store throws.
    @discardableResult
    public func add(_ amount: Int = 1) async throws(StoreError) -> Int {
        var attempt = 1
        while true {
            let (old, number) = try await read()
            let (sum, overflows) = number.addingReportingOverflow(amount)
            if overflows {
                throw StoreError(
                    .invalidValue, "The counter would leave the range of Int; it stays as it is.",
                    store: store.description, key: key)
            }
            if try await store.compareAndSwap(key, expected: old, new: Bytes(String(sum))) { return sum }
            try await backoff.wait(after: attempt, of: store.description)
            attempt += 1
        }
    }

    var storeDescription: String { store.description }

    private func read() async throws(StoreError) -> (bytes: Bytes?, number: Int) {
        guard let bytes = try await store.get(key) else { return (nil, 0) }
        guard let number = String(validating: bytes).flatMap(Int.init) else {
            throw StoreError(
                .invalidValue, "The key has a value that is no number; use another key.", store: store.description,
                key: key)
        }
        return (bytes, number)
    }
}
