import KVDS

/// Makes a dictionary from the records of a table, and adds it to the catalog.
struct DictionaryTrainer {
    let store: any KeyValueStore
    let table: String
    /// The number of the table; nil if the catalog does not have it.
    let number: Int?
    let compression: TableCompression

    /// - Throws: `.notSupported` if the table does not write with Zstandard; `.cannotTrain` if its records do not
    ///   suffice; the errors of reading records, and of a commit.
    func train(_ settings: DictionaryTraining) async throws(StoreError) -> TrainedDictionary {
        guard let codec = compression.compression?.codec, codec.form == .zstandard else {
            throw StoreError(
                .notSupported,
                "The table \(table) does not declare Compression.zstandard, so it cannot have a dictionary.")
        }
        let samples = try await samples(settings)
        guard let number, samples.count >= RecordSamples.fewest else {
            throw StoreError(
                .cannotTrain,
                "A dictionary is made from at least \(RecordSamples.fewest) records, and the table \(table) gave "
                    + "\(samples.count).")
        }
        let dictionary = try codec.train(samples, capacity: settings.capacity)
        let version = try await add(dictionary, number)
        try compression.learn(dictionary, version)
        return try trained(dictionary, version, samples, codec)
    }

    private func samples(_ settings: DictionaryTraining) async throws(StoreError) -> [Bytes] {
        var samples = RecordSamples(count: settings.sampleCount, bytes: settings.sampleBytes)
        guard let number else { return [] }
        try await compression.loadAll(number: number, store)
        for try await entry in store.entries(in: .elements(after: Keyspace.records(number))) {
            try samples.offer { () throws(StoreError) in
                try compression.record(in: entry.value, try RecordHeader.read(entry.value))
            }
        }
        return samples.records
    }

    /// - Returns: its version.
    private func add(_ dictionary: Bytes, _ number: Int) async throws(StoreError) -> Int {
        let catalog = DictionaryCatalog(store: store, table: table, number: number)
        while true {
            let newest = try await catalog.newest()
            // Another program may add a dictionary at the same time.
            if try await store.commit(catalog.adding(dictionary, after: newest)).isCommitted {
                return newest.version + 1
            }
        }
    }

    private func trained(
        _ bytes: Bytes, _ version: Int, _ samples: [Bytes], _ codec: any RecordCodec
    ) throws(StoreError) -> TrainedDictionary {
        let dictionary = try codec.prepare(bytes, forWriting: true)
        // They are in the order of their keys, unless there were more than the limit.
        let some = stride(from: 0, to: samples.count, by: max(1, samples.count / 1000)).prefix(1000).map { samples[$0] }
        func size(_ form: RecordForm, _ dictionary: (any RecordDictionary)?) -> Int {
            some.reduce(0) { sum, sample in
                let writer = ByteWriter(capacity: sample.count)
                _ = codec.compress(sample.bytes, as: form, with: dictionary, room: sample.count, to: writer)
                return sum + (writer.count == 0 ? sample.count : writer.count)
            }
        }
        return TrainedDictionary(
            version: version, byteCount: bytes.count, sampleCount: samples.count,
            plainBytes: some.reduce(0) { $0 + $1.count }, compressedBytes: size(.zstandard, nil),
            dictionaryBytes: size(.zstandardWithDictionary, dictionary))
    }
}
