import KVDS
import Synchronization

/// A difference that a check found. ``ConformanceFailure`` adds the name of the check.
struct Difference: Error {
    let message: String
    init(_ message: String) { self.message = message }
}
