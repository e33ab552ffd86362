import Synchronization

/// Idle contexts of a library, kept because making one takes longer than compressing a small record. A context that was
/// taken belongs to one caller until it is put back.
final class ContextPool<Context: AnyObject & Sendable>: Sendable {
    private static var capacity: Int { 16 }

    private let idle = Mutex<[Context]>([])

    /// An idle context; nil if there is none.
    func take() -> Context? { idle.withLock { $0.popLast() } }

    /// Keeps a context, unless there are many idle ones.
    func put(_ context: Context) {
        // One that is not kept is freed at the end of this function, outside the lock.
        idle.withLock { if $0.count < Self.capacity { $0.append(context) } }
    }
}
