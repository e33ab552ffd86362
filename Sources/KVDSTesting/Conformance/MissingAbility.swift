import KVDS
import Synchronization

/// The store lacks what a check is about.
struct MissingAbility: Error {
    let ability: String
}
