import KVDS

/// A store broke a promise.
public struct ConformanceFailure: Error, CustomStringConvertible {
    /// The sentence that is not true of the store.
    public let check: String
    /// With this seed it fails again.
    public let seed: UInt64
    /// What differed.
    public let message: String
    /// The error that was not expected, where there was one.
    public let cause: (any Error)?

    public var description: String {
        "\"\(check)\" is not so (seed \(seed)): \(message)" + (cause.map { ": \($0)" } ?? "")
    }
}
