import KVDS

/// A check failed: the store violates the contract.
public struct ConformanceFailure: Error, CustomStringConvertible {
    /// The name of the check, a sentence that is not true of the store.
    public let check: String
    /// The seed with which the check fails again.
    public let seed: UInt64
    /// The difference between the expected and the actual result.
    public let message: String
    /// The unexpected error that caused the failure, if any.
    public let cause: (any Error)?

    public var description: String {
        "\"\(check)\" is not so (seed \(seed)): \(message)" + (cause.map { ": \($0)" } ?? "")
    }
}
