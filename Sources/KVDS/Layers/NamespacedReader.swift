/// Reads the keys of a namespace from a reader of the whole store.
struct NamespacedReader: StoreReader {
    private let base: any StoreReader
    private let namespace: Namespace
    let description: String

    init(_ base: any StoreReader, _ namespace: Namespace, description: String) {
        self.base = base
        self.namespace = namespace
        self.description = description
    }

    var isOpen: Bool { base.isOpen }
    var limits: StoreLimits { namespace.inner(base.limits) }

    func get(_ key: Bytes) async throws(StoreError) -> Bytes? {
        try limits.check(key: key)
        do throws(StoreError) { return try await base.get(namespace.outer(key)) } catch { throw inner(error) }
    }

    func get(_ keys: [Bytes]) async throws(StoreError) -> [Bytes?] {
        for key in keys { try limits.check(key: key) }
        do throws(StoreError) { return try await base.get(keys.map(namespace.outer)) } catch { throw inner(error) }
    }

    func exists(_ key: Bytes) async throws(StoreError) -> Bool {
        try limits.check(key: key)
        do throws(StoreError) { return try await base.exists(namespace.outer(key)) } catch { throw inner(error) }
    }

    func withValue<R>(for key: Bytes, _ body: (RawSpan) -> R) async throws(StoreError) -> R? {
        try limits.check(key: key)
        do throws(StoreError) {
            return try await base.withValue(for: namespace.outer(key), body)
        } catch {
            throw inner(error)
        }
    }

    func entries(in range: KeyRange, order: ScanOrder, limit: Int?) -> Entries {
        let scan = base.entries(in: namespace.outer(range), order: order, limit: limit)
        return Entries { NamespacedPages(scan.makeSource(), namespace, of: description) }
    }

    private func inner(_ error: StoreError) -> StoreError { namespace.inner(error, of: description) }
}
