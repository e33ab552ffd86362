import Synchronization

/// A value that many threads read and one replaces: each stripe has a copy behind a lock of its own.
///
/// A reader locks the stripe of its thread, so that readers do not contend, and borrows the value there without retaining
/// it. The writer locks all stripes, in order, before it changes the first: nobody can see the old value after somebody
/// has seen the new one. The locks are held for the time of a look-up or of an assignment.
///
/// `@unchecked Sendable` is right because `stripes` is a constant and what it points to is a lock; `@safe` because it is
/// allocated and freed here and goes nowhere else.
@safe
final class StripedValue<Value: Sendable>: @unchecked Sendable {
    private struct Stripe: ~Copyable {
        let value: Mutex<Value>
        /// Keeps the locks of two stripes apart.
        let padding = InlineArray<16, UInt64>(repeating: 0)
    }

    private static var stripeCount: Int { 16 }
    private let stripes: UnsafeMutablePointer<Stripe>

    init(_ value: Value) {
        unsafe stripes = .allocate(capacity: Self.stripeCount)
        for index in 0..<Self.stripeCount { unsafe (stripes + index).initialize(to: Stripe(value: Mutex(value))) }
    }

    deinit {
        unsafe stripes.deinitialize(count: Self.stripeCount)
        unsafe stripes.deallocate()
    }

    /// Calls `body` with the newest value. Short: a writer waits for it.
    func read<R>(_ body: (borrowing Value) -> sending R) -> sending R {
        unsafe stripes[ReadGate.currentStripe].value.withLock { body($0) }
    }

    /// Replaces the value for everybody at one instant.
    func replace(with value: Value) { replace(with: value, from: 0) }

    private func replace(with value: Value, from index: Int) {
        guard index < Self.stripeCount else { return }
        unsafe stripes[index].value.withLock { current in
            replace(with: value, from: index + 1)
            current = value
        }
    }
}
