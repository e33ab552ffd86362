/// A store did what it must never do.
struct BrokenPromise: Error, CustomStringConvertible {
    /// What was promised, and what was found instead, in a sentence or two.
    let description: String

    init(_ description: String) { self.description = description }
}

/// Throws a ``BrokenPromise`` unless `condition` holds.
func require(_ condition: Bool, _ otherwise: @autoclosure () -> String) throws(BrokenPromise) {
    if !condition { throw BrokenPromise(otherwise()) }
}
