#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The seed of a test with random input.
public enum TestSeed {
    /// The value of `KVDS_SEED` in the environment, which repeats an earlier test; otherwise a new random number each
    /// time.
    ///
    ///     KVDS_SEED=1234 swift test --filter HistoryTests
    public static var next: UInt64 {
        ProcessInfo.processInfo.environment["KVDS_SEED"].flatMap(UInt64.init) ?? .random(in: 0 ... .max)
    }
}
