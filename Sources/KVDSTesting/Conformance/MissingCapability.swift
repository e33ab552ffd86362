/// The store lacks the capability that a check tests.
struct MissingCapability: Error {
    let name: String
}
