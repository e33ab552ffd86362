import KVDS
import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The end of the process, which must not come while a database is opened, written to or closed.
///
/// `exit` destroys what RocksDB keeps for all databases, above all the threads it works with in the background. A call on
/// another thread that needs them then ends the process with a signal, whatever it was to return. So the exit waits for the
/// calls that are under way, and none begins after that. What they would have done is no loss: a commit that was
/// acknowledged is with the system, and a database that was not closed recovers.
enum RocksDBExitGuard {
    private static let calls = Atomic<Int>(0)
    private static let hasBegun = Atomic<Bool>(false)

    private static let registration: Void = { _ = atexit { RocksDBExitGuard.begin() } }()

    /// How long the exit waits at most, in steps of a tenth of a millisecond.
    private static let patience = 100_000

    /// Has the exit wait. What is registered last comes first at the end, and RocksDB registers some of what it destroys when
    /// the first database is opened; so this is called behind that.
    static func register() { _ = registration }

    /// Makes a call that the exit waits for.
    ///
    /// - Returns: what `body` returns; nil when the process is about to end, and then nothing was called.
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
        StoreError(.closed, "The process is about to end; nothing was done.", store: path)
    }
}
