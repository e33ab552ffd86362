#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where a test begins that draws its input at random.
public enum TestSeed {
    /// `KVDS_SEED`, where the environment has it, so that what has failed runs again; else another number each time.
    ///
    ///     KVDS_SEED=1234 swift test --filter HistoryTests
    public static var next: UInt64 {
        ProcessInfo.processInfo.environment["KVDS_SEED"].flatMap(UInt64.init) ?? .random(in: 0 ... .max)
    }
}
