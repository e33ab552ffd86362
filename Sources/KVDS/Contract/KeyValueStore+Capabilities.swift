extension KeyValueStore {
    /// Unwraps an optional capability.
    ///
    /// - Parameters:
    ///   - capability: the provider; nil if the store lacks the capability.
    ///   - name: the name of the capability, for the error message.
    /// - Throws: `.notSupported` if `capability` is nil.
    func require<Capability>(_ capability: Capability?, _ name: String) throws(StoreError) -> Capability {
        guard let capability else {
            throw StoreError(.notSupported, "The store does not support \(name); use another one.", store: description)
        }
        return capability
    }
}
