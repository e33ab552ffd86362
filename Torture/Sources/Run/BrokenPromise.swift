#if Command
/// A violation of a store's contract.
struct BrokenPromise: Error, CustomStringConvertible {
    /// What was promised and what was found instead, in one or two sentences.
    let description: String

    init(_ description: String) { self.description = description }
}

/// Throws a ``BrokenPromise`` unless `condition` holds.
func require(_ condition: Bool, _ otherwise: @autoclosure () -> String) throws(BrokenPromise) {
    if !condition { throw BrokenPromise(otherwise()) }
}
#endif
