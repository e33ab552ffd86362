import KVDS
import KVDSSystem
import Synchronization

/// Delays the exit of the process while a database is opened, written to or closed.
///
/// `exit` destroys the state that RocksDB shares between all databases, above all its background threads. A call on
/// another thread that needs them then ends the process with a signal, whatever its exit code should have been. So the
/// exit waits for the running calls, and no call begins after that. Nothing is lost: an acknowledged commit is already
/// with the operating system, and a database that was not closed recovers.
enum RocksDBExitGuard {
    private static let calls = Atomic<Int>(0)
    private static let hasBegun = Atomic<Bool>(false)

    private static let registration: Void = { _ = atexit { RocksDBExitGuard.begin() } }()

    /// The maximum time that the exit waits, in steps of a tenth of a millisecond.
    private static let patience = 100_000

    /// Makes the exit wait. Exit handlers run in the reverse order of their registration, and RocksDB registers some of
    /// its own when the first database is opened. So this is called after that.
    static func register() { _ = registration }

    /// Calls `body`, and makes the exit wait for it.
    ///
    /// - Returns: the result of `body`; nil when the process is exiting and `body` was not called.
    static func unlessExiting<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R? {
        calls.add(1, ordering: .sequentiallyConsistent)
        defer { calls.subtract(1, ordering: .sequentiallyConsistent) }
        if hasBegun.load(ordering: .sequentiallyConsistent) { return nil }
        return try body()
    }

    private static func begin() {
        hasBegun.store(true, ordering: .sequentiallyConsistent)
        for _ in 0..<patience where calls.load(ordering: .sequentiallyConsistent) > 0 { usleep(100) }
    }

    static func error(_ path: String) -> StoreError {
        StoreError(.closed, "The process is exiting; the operation was not started.", store: path)
    }
}
