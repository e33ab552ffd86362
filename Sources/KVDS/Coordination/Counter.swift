/// A number that many tasks and processes count with, stored at one key as decimal text.
///
/// ```swift
/// let visits = Counter("visits", in: store)
/// let now = try await visits.add(1)
/// ```
public struct Counter: Sendable {
    /// The key that stores the number.
    public let key: Bytes
    private let store: any KeyValueStore
    private let backoff: Backoff

    /// - Parameters:
    ///   - key: the key that stores the number. Without a value the number is 0.
    ///   - store: the store of the key.
    ///   - backoff: how long to wait after another writer was faster.
    public init(_ key: Bytes, in store: any KeyValueStore, backoff: Backoff = Backoff()) {
        self.key = key
        self.store = store
        self.backoff = backoff
    }

    /// The current number.
    ///
    /// - Throws: `.invalidValue` when the value of the key is not a number, and the errors of reading the store.
    public var value: Int {
        get async throws(StoreError) { try await read().number }
    }

    /// Adds `amount`, and retries as long as other writers are faster.
    ///
    /// - Returns: the new number. No two calls that add 1 return the same number.
    /// - Throws: `.invalidValue` when the value of the key is not a number, or the sum does not fit into `Int`;
    ///   `.cancelled`, and the errors of the store.
    @discardableResult
    public func add(_ amount: Int = 1) async throws(StoreError) -> Int {
        var attempt = 1
        while true {
            let (old, number) = try await read()
            let (sum, overflows) = number.addingReportingOverflow(amount)
            if overflows {
                throw StoreError(
                    .invalidValue, "The sum does not fit into Int; the counter is unchanged.",
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
                .invalidValue, "The value of the key is not a number; use another key.", store: store.description,
                key: key)
        }
        return (bytes, number)
    }
}
