import KVDS
import Synchronization

/// What a check found, before it is put together with the check's name.
struct Difference: Error {
    let message: String
    init(_ message: String) { self.message = message }
}
