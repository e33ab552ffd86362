public import KVDS

extension OpenTable {
    /// Makes a Zstandard dictionary from the table's records, adds it to the catalog, and writes with it from now on.
    ///
    /// A dictionary contains what the records have in common, so small records become much smaller. Records that are
    /// there already are not written again; they keep the form they have, and remain readable. Other programs and other
    /// open tables write with the new dictionary after they have read a record that needs it, or have opened the table
    /// again. Older dictionaries stay in the catalog.
    ///
    /// All records are read once, and the samples are kept in memory. The work is done on a thread of Swift's pool, and
    /// is not interrupted by cancellation, except while it reads.
    ///
    /// - Parameter settings: from how many records it is made, and how large it may become.
    /// - Returns: the size of the dictionary, and what it gains.
    /// - Throws: `.notSupported` if the table does not declare `Compression.zstandard`; `.cannotTrain` if there are
    ///   fewer than 7 records, or they are too short; `.corrupt` for a record that cannot be read; the errors of a
    ///   commit.
    /// - Complexity: O(n) in the number of records.
    @concurrent
    @discardableResult
    public func trainDictionary(
        _ settings: DictionaryTraining = DictionaryTraining()
    ) async throws(StoreError) -> TrainedDictionary {
        let state = try await state(in: store)
        // A table that is not in the catalog has no number yet, and no records.
        return try await DictionaryTrainer(
            store: store, table: table.name, number: state.isNew ? nil : state.description.number,
            compression: compression
        ).train(settings)
    }
}
