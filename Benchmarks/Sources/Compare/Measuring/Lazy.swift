/// Something that is made when it is first asked for: the fixture of comparisons of which perhaps none is run.
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

    /// The value, if somebody has asked for it.
    var made: Value? { get async throws { try await making?.value } }
}
