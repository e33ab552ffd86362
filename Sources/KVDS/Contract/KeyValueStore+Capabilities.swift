extension KeyValueStore {
    /// Unwraps an optional capability.
    ///
    /// - Parameters:
    ///   - capability: the provider, nil when the store has none.
    ///   - name: what the store lacks then, for the error.
    /// - Throws: `.notSupported`.
    func require<Capability>(_ capability: Capability?, _ name: String) throws(StoreError) -> Capability {
        guard let capability else {
            throw StoreError(.notSupported, "The store has no \(name); use one that has.", store: description)
        }
        return capability
    }
}
