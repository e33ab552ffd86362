import CLMDB
import KVDS
import Synchronization

/// Idle readers, kept for reuse. Taking a reader and putting it back cost one atomic exchange each, on the place of the
/// thread's own stripe. Beginning a new one costs LMDB's reader mutex.
///
/// `@unchecked Sendable` is right because `places` is constant, and an exchange gives the reader in a place to exactly
/// one thread; `@safe` because `places` is allocated and freed here and goes nowhere else.
@safe
final class LMDBReaderPool: @unchecked Sendable {
    /// Two cache lines each, so that neighbours are not prefetched together. `@safe` because the pointer is a
    /// reference.
    @safe
    private struct Place: ~Copyable {
        /// A retained ``LMDBReader``.
        let reader = unsafe Atomic<UnsafeMutableRawPointer?>(nil)
        let padding = InlineArray<15, UInt64>(repeating: 0)
    }

    private static let surplusCapacity = 48

    private let environment: LMDBEnvironment
    private let places: UnsafeMutablePointer<Place>
    /// Readers that another one has displaced from their place.
    private let surplus = Monitor<[LMDBReader]>([])

    init(_ environment: LMDBEnvironment) {
        self.environment = environment
        unsafe places = .allocate(capacity: ThreadStripe.count)
        for index in 0..<ThreadStripe.count { unsafe (places + index).initialize(to: Place()) }
    }

    deinit {
        removeAll()
        unsafe places.deinitialize(count: ThreadStripe.count)
        unsafe places.deallocate()
    }

    /// Calls `body` with an active read transaction on the newest snapshot.
    ///
    /// - Throws: the errors of ``take()`` and of `body`.
    func withTransaction<R>(_ body: (OpaquePointer) throws(EngineError) -> R) throws(EngineError) -> R {
        let stripe = ThreadStripe.current
        let reader = try unsafe take(stripe)
        defer { unsafe put(reader, stripe) }
        return try unsafe body(reader._withUnsafeGuaranteedRef { unsafe $0.transaction })
    }

    /// An active reader of the newest snapshot.
    ///
    /// - Throws: `.tooManySnapshots`; `.mapFull` when another process has enlarged the file.
    func take() throws(EngineError) -> LMDBReader { try unsafe take(ThreadStripe.current).takeRetainedValue() }

    /// Releases a reader's snapshot and keeps the reader for reuse.
    func put(_ reader: LMDBReader) { unsafe put(.passRetained(reader), ThreadStripe.current) }

    /// - Returns: a reader that the caller must release or put back.
    private func take(_ stripe: Int) throws(EngineError) -> Unmanaged<LMDBReader> {
        try environment.checkMap()
        guard let reader = unsafe rest(at: stripe, nil) ?? takeElsewhere(stripe) else {
            return unsafe .passRetained(try LMDBReader(environment))
        }
        let code = unsafe reader._withUnsafeGuaranteedRef { $0.renew() }
        if code == MDB_SUCCESS { return unsafe reader }
        unsafe reader.release()
        throw .lmdb(code, "begin to read", environment.path)
    }

    private func put(_ reader: Unmanaged<LMDBReader>, _ stripe: Int) {
        unsafe reader._withUnsafeGuaranteedRef { $0.reset() }
        guard let last = unsafe rest(at: stripe, reader)?.takeRetainedValue() else { return }
        // A reader that is not kept frees its slot at the end of this function, outside the lock.
        surplus.withLock { if $0.count < Self.surplusCapacity { $0.append(last) } }
    }

    /// Puts a reader, or none, in the place of a stripe.
    ///
    /// - Returns: the previous reader.
    private func rest(at stripe: Int, _ next: Unmanaged<LMDBReader>?) -> Unmanaged<LMDBReader>? {
        let last = unsafe places[stripe].reader.exchange(next?.toOpaque(), ordering: .acquiringAndReleasing)
        return unsafe last.map { unsafe .fromOpaque($0) }
    }

    private func takeElsewhere(_ own: Int) -> Unmanaged<LMDBReader>? {
        if let reader = surplus.withLock({ $0.popLast() }) { return unsafe .passRetained(reader) }
        for offset in 1..<ThreadStripe.count {
            if let reader = unsafe rest(at: (own + offset) % ThreadStripe.count, nil) { return unsafe reader }
        }
        return nil
    }

    /// Frees every idle reader.
    func removeAll() {
        for stripe in 0..<ThreadStripe.count { unsafe rest(at: stripe, nil)?.release() }
        surplus.withLock { $0 = [] }
    }
}
