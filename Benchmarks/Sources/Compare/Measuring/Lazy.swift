/// A value that is made on first use, for a fixture whose comparisons may all be filtered out.
actor Lazy<Value: Sendable> {
    private let make: @Sendable () async throws -> Value
    private var making: Task<Value, any Error>?

    init(_ make: @escaping @Sendable () async throws -> Value) { self.make = make }

    var value: Value {
        get async throws {
            let task = making ?? Task { [make] in try await make() }
            making = task
            return try await task.value
        }
    }

    /// The value, or nil if it was never used.
    var made: Value? { get async throws { try await making?.value } }
}
