/// A value that is made anew before every round.
actor PerRound<Value: Sendable> {
    private let make: @Sendable (_ round: Int) async throws -> Value
    private let end: @Sendable (Value) async throws -> Void
    private var current: Value?
    private var round = 0

    init(
        _ make: @escaping @Sendable (_ round: Int) async throws -> Value,
        end: @escaping @Sendable (Value) async throws -> Void = { _ in }
    ) {
        self.make = make
        self.end = end
    }

    /// The current value.
    var value: Value {
        get throws {
            guard let current else { throw CancellationError() }
            return current
        }
    }

    /// Ends the current value and makes the next one.
    func renew() async throws {
        try await close()
        current = try await make(round)
        round += 1
    }

    func close() async throws {
        if let current { try await end(current) }
        current = nil
    }
}
