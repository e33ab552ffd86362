import KVDS
import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Places in line for LMDB's two locks, so that of all processes never two wait for one.
///
/// On Linux those locks are robust mutexes in shared memory, and a process that dies can take another's wake-up with it:
///
///     A   waits, asleep       ─────────────────────────────────────►   nobody wakes it
///     B   unlocks, wakes C      locks at once       unlocks: nobody is known to wait
///     C   waits       is killed before it runs
///
/// So a lock on a byte of the data file is taken first. The kernel keeps who waits for that, also through a death. It orders
/// nothing but the waiting: LMDB's locks protect the files, from other programs too.
final class LMDBFileLocks: Sendable {
    /// Beyond all that a file can hold.
    private enum Byte {
        static let writing: off_t = 1 << 62
        static let registering: off_t = 1 << 62 + 1
    }

    private let descriptor: Int32
    private let isClosed = Atomic<Bool>(false)
    /// File locks are the process's: its threads need one of their own.
    private let registration = Monitor(0)

    /// - Parameter file: the data file of an open environment.
    init(_ file: String) throws(StoreError) {
        descriptor = unsafe open(file, O_RDWR | O_CLOEXEC)
        if descriptor < 0 { throw .system(errno, "open", file) }
    }

    deinit { end() }

    /// Closes the file; harmless when done twice. Nobody waits any more.
    func end() { if !isClosed.exchange(true, ordering: .relaxed) { close(descriptor) } }

    /// Waits for the place before the lock of writers. One thread of the process at a time.
    func lockWriter() { setLock(Byte.writing, isHeld: true) }

    func unlockWriter() { setLock(Byte.writing, isHeld: false) }

    /// Calls `body`, which may take a slot for a reader, in the place before the lock of readers' slots. That is held for
    /// the time of a look through the slots.
    func withReaderTableLock<R: Sendable, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
        try registration.withLock { _ throws(E) in
            setLock(Byte.registering, isHeld: true)
            defer { setLock(Byte.registering, isHeld: false) }
            return try body()
        }
    }

    #if canImport(Darwin)
    // There LMDB has semaphores, which are the kernel's.
    private func setLock(_ byte: off_t, isHeld: Bool) {}
    #else
    /// `F_OFD_SETLKW` of Linux, which is hidden in the C headers: the lock belongs to the open file, not to the process, so
    /// that nobody else who closes the file releases it.
    private static let setOpenFileLock: Int32 = 38

    /// Where a file system has no such locks LMDB's have to do alone.
    private func setLock(_ byte: off_t, isHeld: Bool) {
        var lock = flock()
        lock.l_type = Int16(isHeld ? F_WRLCK : F_UNLCK)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = byte
        lock.l_len = 1
        while unsafe fcntl(descriptor, Self.setOpenFileLock, &lock) < 0, errno == EINTR {}
    }
    #endif
}
