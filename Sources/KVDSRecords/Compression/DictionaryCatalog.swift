import KVDS

/// The dictionaries of a table, as entries of the catalog. Versions count from 1. None is ever removed, because
/// records name the version that they need.
struct DictionaryCatalog {
    let store: any StoreReader
    let table: String
    let number: Int

    /// The newest version, 0 if there is no dictionary; and the bytes of the entry that says so.
    ///
    /// - Throws: `.corrupt` if the entry is damaged; the errors of reading.
    func newest() async throws(StoreError) -> (version: Int, bytes: Bytes?) {
        guard let bytes = try await store.get(Keyspace.newestDictionary(number)) else { return (0, nil) }
        guard let tuple = try? Tuple(unpacking: bytes), let version = try? tuple[0, as: Int.self],
            1..<Int.max ~= version
        else {
            throw StoreError(
                .corrupt, "The number of the newest dictionary of the table \(table) in the catalog is damaged.")
        }
        return (version, bytes)
    }

    /// Calls `body` with each dictionary and its version, from the oldest to the newest.
    func forEach(_ body: (Bytes, Int) throws(StoreError) -> Void) async throws(StoreError) {
        let newest = Keyspace.newestDictionary(number)
        for try await entry in store.entries(in: .elements(after: newest)) where entry.key != newest {
            guard let key = try? Tuple(unpacking: entry.key.slice(1..<entry.key.count)),
                let version = try? key[3, as: Int.self]
            else { throw StoreError(.corrupt, "A key of the catalog is damaged.") }
            try body(entry.value, version)
        }
    }

    /// A batch that adds a dictionary as the version after `newest`, unless another one was added since that was read.
    func adding(_ dictionary: Bytes, after newest: (version: Int, bytes: Bytes?)) -> WriteBatch {
        let key = Keyspace.newestDictionary(number)
        var batch = WriteBatch()
        batch.require(.value(of: key, is: newest.bytes))
        batch.set(Keyspace.dictionary(number, version: newest.version + 1), to: dictionary)
        batch.set(key, to: Tuple(newest.version + 1).packed)
        return batch
    }
}
