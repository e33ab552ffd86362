/// Translates between the keys of a namespace and those of the underlying store, which begin with `prefix`.
struct Namespace: Sendable {
    let prefix: Bytes
    /// The range of the namespace in the underlying store.
    private let range: KeyRange

    init(prefix: Bytes) {
        self.prefix = prefix
        range = KeyRange(from: prefix.successor, to: KeyRange.prefix(prefix).upperBound)
    }

    /// The key in the underlying store for a key in the namespace.
    func outer(_ key: Bytes) -> Bytes {
        unsafe Bytes(count: prefix.count + key.count) { raw in
            unsafe prefix.withUnsafeBytes { unsafe raw.copyMemory(from: $0) }
            unsafe key.withUnsafeBytes { bytes in
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: raw[prefix.count...])
                unsafe rest.copyMemory(from: bytes)
            }
        }
    }

    func outer(_ range: KeyRange) -> KeyRange {
        KeyRange(
            from: range.lowerBound.isEmpty ? self.range.lowerBound : outer(range.lowerBound),
            to: range.upperBound.map(outer) ?? self.range.upperBound)
    }

    func outer(_ batch: WriteBatch) -> WriteBatch {
        var result = WriteBatch(durability: batch.durability)
        result.conditions = batch.conditions.map { condition in
            switch condition {
            case .absent(let key): .absent(outer(key))
            case .present(let key): .present(outer(key))
            case .equals(let key, let value): .equals(outer(key), value)
            case .unchanged(let range, let entries):
                .unchanged(outer(range), entries.map { Entry(key: outer($0.key), value: $0.value) })
            }
        }
        result.mutations = batch.mutations.map { mutation in
            switch mutation {
            case .set(let key, let value): .set(outer(key), value)
            case .delete(let key): .delete(outer(key))
            case .deleteRange(let range): .deleteRange(outer(range))
            }
        }
        return result
    }

    /// The key in the namespace for a key in the underlying store.
    func inner(_ key: Bytes) -> Bytes { key.slice(prefix.count..<key.count) }

    func inner(_ page: EntryPage) -> EntryPage? {
        var builder = EntryPage.Builder(capacity: page.bounds.count)
        for entry in page { _ = builder.append(Entry(key: inner(entry.key), value: entry.value)) }
        return builder.finish()
    }

    func inner(_ event: ChangeEvent) -> ChangeEvent {
        switch event {
        case .gap: event
        case .commit(let revision, let changes):
            .commit(
                revision,
                changes.lazy.filter { range.contains($0.key) }
                    .map { Change(key: inner($0.key), value: $0.value, previous: $0.previous) })
        }
    }

    /// An error of the underlying store as an error of the namespace.
    func inner(_ error: StoreError, of store: String) -> StoreError {
        var result = error
        result.store = store
        result.key = error.key.flatMap { range.contains($0) ? inner($0) : nil }
        if let cause = error.cause as? StoreError { result.cause = inner(cause, of: store) }
        return result
    }

    func inner(_ limits: StoreLimits) -> StoreLimits {
        var result = limits
        result.maximumKeyLength = max(0, limits.maximumKeyLength - prefix.count)
        return result
    }
}
