import KVDS
import KVDSSystem
import Synchronization

/// File locks taken before LMDB's two locks, so that at most one process waits for each of those.
///
/// On Linux, LMDB's locks are robust mutexes in shared memory. When a process dies, the wake-up of another one can be
/// lost:
///
///     A   waits, asleep       ─────────────────────────────────────►   is never woken
///     B   unlocks, wakes C      locks again         unlocks: sees no waiter
///     C   waits       is killed before it runs
///
/// So a process first takes a lock on a byte of the data file. The kernel keeps the list of waiting processes, also
/// when one of them dies. These locks only order the waiting: LMDB's own locks protect the files, also from other
/// programs.
final class LMDBFileLocks: Sendable {
    /// Offsets beyond the end of any file.
    private enum Byte {
        static let writing: off_t = 1 << 62
        static let registering: off_t = 1 << 62 + 1
    }

    private let descriptor: Int32
    private let isClosed = Atomic<Bool>(false)
    /// The threads of this process share the file lock, so they need another one.
    private let registration = Monitor(0)

    /// - Parameter file: the data file of an open environment.
    init(_ file: String) throws(StoreError) {
        descriptor = unsafe open(file, O_RDWR | O_CLOEXEC)
        if descriptor < 0 { throw .system(errno, "open", file) }
    }

    deinit { end() }

    /// Closes the file. A second call has no effect. No thread may be waiting.
    func end() { if !isClosed.exchange(true, ordering: .relaxed) { close(descriptor) } }

    /// Takes the file lock that comes before LMDB's writer lock. One thread of the process at a time may call it.
    func lockWriter() { setLock(Byte.writing, isHeld: true) }

    func unlockWriter() { setLock(Byte.writing, isHeld: false) }

    /// Calls `body`, which may take a reader slot, under the file lock that comes before LMDB's lock of the reader
    /// table. LMDB holds its lock only while it searches the table.
    func withReaderTableLock<R: Sendable, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
        try registration.withLock { _ throws(E) in
            setLock(Byte.registering, isHeld: true)
            defer { setLock(Byte.registering, isHeld: false) }
            return try body()
        }
    }

    #if canImport(Darwin)
    // On Darwin, LMDB uses semaphores of the kernel, so no file locks are needed.
    private func setLock(_ byte: off_t, isHeld: Bool) {}
    #else
    /// `F_OFD_SETLKW` of Linux, which the C headers hide. The lock belongs to the open file, not to the process, so
    /// closing another descriptor of the file does not release it.
    private static let setOpenFileLock: Int32 = 38

    /// If the file system has no such locks, only LMDB's own locks apply.
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
