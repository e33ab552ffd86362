public import KVDS
public import KVDSTesting

extension DiskBackend {
    /// Runs a check of the contract on new stores of the backend, each in a directory of its own.
    ///
    /// - Parameters:
    ///   - increments: see ``StoreConformance/increments``.
    ///   - operations: see ``StoreConformance/operations``.
    public func run(
        _ check: StoreConformance.Check, durability: Durability, increments: Int, operations: Int
    ) async throws -> StoreConformance.Outcome {
        try await withTemporaryDirectory { directory in
            let made = AtomicCounter()
            return try await StoreConformance(increments: increments, operations: operations) {
                let number = made.add()
                return try await open("\(directory)/\(number)", durability: durability)
            } reopen: {
                try await open("\(directory)/\(made.value)", durability: durability)
            }.run(check)
        }
    }
}
