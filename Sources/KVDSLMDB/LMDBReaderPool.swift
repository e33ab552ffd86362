import KVDS
import Synchronization

/// Readers between two uses. Taking one and putting it back cost one atomic exchange each, on a place of the thread's own
/// stripe; to begin one costs LMDB's reader mutex.
///
/// `@unchecked Sendable` is right because `places` is a constant, and each holds a reader for whoever gets it by an
/// exchange; `@safe` because it is allocated and freed here and goes nowhere else.
@safe
final class LMDBReaderPool: @unchecked Sendable {
    /// Two cache lines each, so that neighbours are not prefetched together. `@safe` because the pointer is a reference.
    @safe
    private struct Place: ~Copyable {
        /// A retained ``LMDBReader``.
        private let reader = unsafe Atomic<UnsafeMutableRawPointer?>(nil)
        private let padding = InlineArray<15, UInt64>(repeating: 0)

        func take() -> LMDBReader? {
            guard let reader = unsafe reader.exchange(nil, ordering: .acquiring) else { return nil }
            return unsafe Unmanaged<LMDBReader>.fromOpaque(reader).takeRetainedValue()
        }

        /// Puts a reader here.
        ///
        /// - Returns: the one that was here.
        func put(_ next: LMDBReader) -> LMDBReader? {
            let next = unsafe Unmanaged.passRetained(next).toOpaque()
            guard let last = unsafe reader.exchange(next, ordering: .acquiringAndReleasing) else { return nil }
            return unsafe Unmanaged<LMDBReader>.fromOpaque(last).takeRetainedValue()
        }
    }

    private static let surplusCapacity = 48

    private let environment: LMDBEnvironment
    private let places: UnsafeMutablePointer<Place>
    /// Those that found their place taken.
    private let surplus = Monitor<[LMDBReader]>([])

    init(_ environment: LMDBEnvironment) {
        self.environment = environment
        unsafe places = .allocate(capacity: ReadGate.stripeCount)
        for index in 0..<ReadGate.stripeCount { unsafe (places + index).initialize(to: Place()) }
    }

    deinit {
        removeAll()
        unsafe places.deinitialize(count: ReadGate.stripeCount)
        unsafe places.deallocate()
    }

    /// An active reader of the newest moment.
    ///
    /// - Throws: `.tooManyReaders`; `.needsRoom` when another process has enlarged the file.
    func take() throws(StoreError) -> LMDBReader {
        try environment.checkMap()
        let own = ReadGate.currentStripe
        let idle = unsafe places[own].take() ?? surplus.withLock { $0.popLast() } ?? takeFromNeighbour(of: own)
        guard let idle else { return try LMDBReader(environment) }
        try idle.renew()
        return idle
    }

    private func takeFromNeighbour(of own: Int) -> LMDBReader? {
        for offset in 1..<ReadGate.stripeCount {
            if let reader = unsafe places[(own + offset) % ReadGate.stripeCount].take() { return reader }
        }
        return nil
    }

    /// Ends a reader's moment and keeps it for the next.
    func put(_ reader: LMDBReader) {
        reader.reset()
        guard let last = unsafe places[ReadGate.currentStripe].put(reader) else { return }
        // One that is not kept frees its slot at the end of this function, outside the lock.
        surplus.withLock { if $0.count < Self.surplusCapacity { $0.append(last) } }
    }

    /// Frees every idle reader.
    func removeAll() {
        for index in 0..<ReadGate.stripeCount { _ = unsafe places[index].take() }
        surplus.withLock { $0 = [] }
    }
}
