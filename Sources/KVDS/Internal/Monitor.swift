import KVDSSystem

/// A monitor: a value with a mutex, and a condition variable to wait for its changes. All locks of the stores are
/// monitors. Critical sections are short. They neither resume nor cancel a task that may wait for the same lock in a
/// cancellation handler: the thread that runs the handler holds the task's own lock, which the other thread needs.
///
/// It uses a pthread mutex instead of `Synchronization.Mutex`, which on Linux hands over a contended lock in the
/// kernel. That is slower, and the thread sanitizer does not see it.
///
/// `@unchecked Sendable` is right because the value is only accessed between lock and unlock. It is `@safe` because the
/// pointers are allocated and freed here and do not leave this type. The value is behind a pointer too: each access to
/// a stored property would add a check for exclusive access.
@safe
package final class Monitor<Value>: @unchecked Sendable {
    private let value: UnsafeMutablePointer<Value>
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    package init(_ value: sending Value) {
        unsafe self.value = .allocate(capacity: 1)
        unsafe self.value.initialize(to: value)
        unsafe mutex = .allocate(capacity: 1)
        unsafe condition = .allocate(capacity: 1)
        unsafe pthread_mutex_init(mutex, nil)
        #if canImport(Darwin)
        unsafe pthread_cond_init(condition, nil)
        #else
        // Timed waits must not depend on changes of the system time.
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(condition, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
        #endif
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe value.deinitialize(count: 1)
        unsafe value.deallocate()
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    /// Calls `body` with the value while holding the lock.
    package func withLock<R, E: Error>(_ body: (inout sending Value) throws(E) -> sending R) throws(E) -> sending R {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return try unsafe body(&value.pointee)
    }

    /// Wakes all waiting threads, which check the value again.
    package func wakeAll() { unsafe pthread_cond_broadcast(condition) }

    /// Wakes one waiting thread.
    package func wakeOne() { unsafe pthread_cond_signal(condition) }

    /// Waits until `body` returns a value.
    package func wait<R>(_ body: (inout Value) -> R?) -> R {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while true {
            if let result = unsafe body(&value.pointee) { return result }
            unsafe pthread_cond_wait(condition, mutex)
        }
    }

    /// Calls `body` repeatedly, without sleeping, until it returns a value, for at most `time`; nil when it returned
    /// none. Yields to other threads in between.
    package func poll<R>(for time: Duration, _ body: (inout Value) -> R?) -> R? {
        let deadline = ContinuousClock.now + time
        repeat {
            unsafe pthread_mutex_lock(mutex)
            let result = unsafe body(&value.pointee)
            unsafe pthread_mutex_unlock(mutex)
            if let result { return result }
            sched_yield()
        } while .now < deadline
        return nil
    }

    /// Waits until `body` returns a value, for at most `time`; nil when it returned none.
    package func wait<R>(_ time: Duration, _ body: (inout Value) -> R?) -> R? {
        var deadline = timespec()
        #if canImport(Darwin)
        unsafe clock_gettime(CLOCK_REALTIME, &deadline)
        #else
        unsafe clock_gettime(CLOCK_MONOTONIC, &deadline)
        #endif
        let (seconds, attoseconds) = time.components
        let nanoseconds = deadline.tv_nsec + Int(attoseconds / 1_000_000_000)
        deadline.tv_sec += Int(seconds) + nanoseconds / 1_000_000_000
        deadline.tv_nsec = nanoseconds % 1_000_000_000
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while true {
            if let result = unsafe body(&value.pointee) { return result }
            if unsafe pthread_cond_timedwait(condition, mutex, &deadline) != 0 { return unsafe body(&value.pointee) }
        }
    }
}
