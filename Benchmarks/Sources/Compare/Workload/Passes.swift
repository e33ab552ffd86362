/// Work on each of some values, in several passes over them.
enum Passes {
    /// The number of values. All of them, and their encodings, fit into the processor's cache.
    static let values = 500
    private static let count = 40

    /// - Parameter makeWork: makes the work on one value. It returns a number for the checksum.
    static func side<Value: Sendable>(
        _ name: String, _ values: Lazy<[Value]>,
        _ makeWork: @escaping @Sendable () throws -> (Value) throws -> UInt64
    ) -> Comparison.Side {
        Comparison.Side(name: name, operations: Passes.values * count) {
            _ = try await values.value
        } run: {
            let values = try await values.value
            let work = try makeWork()
            var found = Checksum()
            for _ in 0..<count {
                for value in values {
                    found.sum &+= try work(value)
                    found.count += 1
                }
            }
            return found
        }
    }
}
