#if Command
import ArgumentParser
import KVDS
import KVDSSystem

/// A resource to leak on purpose.
enum Leak: String, CaseIterable, ExpressibleByArgument, Sendable {
    /// A handle that is never released.
    case handle = "leaked-handle"
    case descriptor = "leaked-descriptor"
    case bytes = "leaked-bytes"
    /// A snapshot that is never released.
    case snapshot = "leaked-snapshot"

    private static let kept = Monitor<[any Sendable]>([])

    /// Leaks the resource; a handle or a snapshot comes from `store`.
    func leak(_ store: StoreHandle) async throws {
        switch self {
        case .handle: Self.keep(store)
        case .descriptor: _ = dup(STDERR_FILENO)
        case .bytes: Self.keep([UInt8](repeating: 1, count: 400_000))
        case .snapshot: Self.keep(try await store.snapshot())
        }
    }

    /// Leaks `count` bytes or eight descriptors, without a store.
    func leakAlone(_ count: Int) {
        switch self {
        case .descriptor: for _ in 0..<8 { _ = dup(STDERR_FILENO) }
        default: Self.keep([UInt8](repeating: 1, count: count))
        }
    }

    private static func keep(_ object: some Sendable) { kept.withLock { $0.append(object) } }
}
#endif
