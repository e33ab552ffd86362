/// A value that many threads read and one replaces: each stripe has a copy behind a lock of its own.
///
/// A reader locks the stripe of its thread, so that readers do not contend, and borrows the value there without retaining
/// it. The writer locks all stripes, in order, before it changes the first: nobody can see the old value after somebody
/// has seen the new one. The locks are held for the time of a look-up or of an assignment.
final class StripedValue<Value: Sendable>: Sendable {
    private let stripes: [Monitor<Value>]

    init(_ value: Value) {
        stripes = (0..<ThreadStripe.count).map { _ in Monitor(value) }
    }

    /// Calls `body` with the newest value. Short: a writer waits for it.
    func read<R: Sendable>(_ body: (borrowing Value) -> R) -> R {
        stripes[ThreadStripe.current].withLock { body($0) }
    }

    /// Replaces the value for everybody at one instant.
    func replace(with value: Value) { replace(with: value, from: 0) }

    private func replace(with value: Value, from index: Int) {
        guard index < stripes.count else { return }
        stripes[index].withLock { current in
            replace(with: value, from: index + 1)
            current = value
        }
    }
}
