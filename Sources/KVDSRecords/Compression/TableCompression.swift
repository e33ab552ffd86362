import KVDS
import Synchronization

/// Compresses and decompresses the records of one table, and keeps the dictionaries that it has needed so far.
///
/// A dictionary in the catalog never changes and is never removed, so it is read once.
final class TableCompression: Sendable {
    private struct Dictionaries {
        var byVersion: [Int: any RecordDictionary] = [:]
        /// The newest version that is known; it is prepared for writing. 0 if there is none.
        var newest = 0
    }

    let compression: Compression?
    private let table: String
    private let known = Mutex(Dictionaries())

    init(_ compression: Compression?, table: String) {
        self.compression = compression
        self.table = table
    }

    /// The newest dictionary that is known, and its version.
    private var newest: (version: Int, dictionary: any RecordDictionary)? {
        known.withLock { known in known.byVersion[known.newest].map { (known.newest, $0) } }
    }

    // MARK: Writing

    /// The value of a record: compressed, if that makes it shorter.
    ///
    /// - Parameters:
    ///   - plain: the value without compression.
    ///   - header: the length of its header.
    ///   - version: the version of the schema.
    func value(_ plain: ByteWriter, header: Int, version: Int) -> Bytes {
        let size = plain.count - header
        guard let compression, compression.codec.form != .plain,
            size >= compression.minimumSize, 1...RecordForm.greatestSize ~= size
        else { return plain.bytes }
        let codec = compression.codec
        var value: Bytes?
        if codec.form == .zstandard, let (detail, dictionary) = newest {
            value = compressed(plain, header, version, codec, .zstandardWithDictionary, detail, dictionary)
        } else {
            value = compressed(plain, header, version, codec, codec.form, size, nil)
        }
        return value ?? plain.bytes
    }

    /// - Returns: nil if it is not shorter.
    private func compressed(
        _ plain: ByteWriter, _ header: Int, _ version: Int, _ codec: any RecordCodec, _ form: RecordForm,
        _ detail: Int, _ dictionary: (any RecordDictionary)?
    ) -> Bytes? {
        let writer = ByteWriter(capacity: plain.count + 16)
        RecordHeader.append(version, form, detail: detail, to: writer)
        let start = writer.count
        let size = plain.count - header
        let fits = plain.withBytes(from: header) {
            codec.compress($0, as: form, with: dictionary, room: plain.count - start - 1, to: writer)
        }
        guard fits else { return nil }
        if size <= (writer.count - start) * RecordForm.greatestRatio { return writer.bytes }
        return form == .lz4 ? nil : compressed(plain, header, version, codec, .lz4, size, nil)
    }

    // MARK: Reading

    /// The record in a value, decompressed.
    ///
    /// - Parameters:
    ///   - value: the value.
    ///   - header: its header.
    ///   - number: the number of the table in the catalog.
    ///   - source: what the value was read from. A dictionary that is not known is read from there too.
    /// - Throws: as ``record(in:_:)``; the errors of reading the source.
    func record(
        in value: Bytes, _ header: RecordHeader, number: Int, _ source: any StoreReader
    ) async throws(StoreError) -> Bytes {
        if header.form == .zstandardWithDictionary, dictionary(header.detail) == nil, compression != nil {
            try await load(header.detail, number: number, source)
        }
        return try record(in: value, header)
    }

    /// The record in a value, decompressed with a dictionary that is known.
    ///
    /// - Throws: `.missingCompression` if the table declares no compression; `.corrupt` if the value is damaged, or its
    ///   dictionary is missing.
    func record(in value: Bytes, _ header: RecordHeader) throws(StoreError) -> Bytes {
        let content = value.slice(header.length..<value.count)
        if header.form == .plain { return content }
        guard let compression else { throw missingCompression }
        let dictionary = header.form == .zstandardWithDictionary ? dictionary(header.detail) : nil
        if header.form == .zstandardWithDictionary, dictionary == nil { throw missing(header.detail) }
        return try compression.codec.decompress(content, as: header.form, size: header.detail, with: dictionary)
    }

    private func dictionary(_ version: Int) -> (any RecordDictionary)? { known.withLock { $0.byVersion[version] } }

    private func load(_ version: Int, number: Int, _ source: any StoreReader) async throws(StoreError) {
        guard let bytes = try await source.get(Keyspace.dictionary(number, version: version)) else {
            throw missing(version)
        }
        try learn(bytes, version)
    }

    // MARK: Dictionaries

    /// Prepares the newest dictionary in the catalog, with which new records are then compressed.
    ///
    /// - Throws: `.corrupt` if the catalog names one that it does not have, or it is damaged; the errors of reading.
    func loadNewest(number: Int, _ source: any StoreReader) async throws(StoreError) {
        guard compression?.codec.form == .zstandard else { return }
        let newest = try await DictionaryCatalog(store: source, table: table, number: number).newest()
        if newest.version > 0, dictionary(newest.version) == nil {
            try await load(newest.version, number: number, source)
        }
    }

    /// Prepares every dictionary in the catalog.
    func loadAll(number: Int, _ source: any StoreReader) async throws(StoreError) {
        guard compression != nil else { return }
        let catalog = DictionaryCatalog(store: source, table: table, number: number)
        try await catalog.forEach { bytes, version throws(StoreError) in try learn(bytes, version) }
    }

    /// Remembers a dictionary that is in the catalog, and writes with it from now on if it is the newest.
    func learn(_ bytes: Bytes, _ version: Int) throws(StoreError) {
        guard let codec = compression?.codec, self.dictionary(version) == nil else { return }
        let isNewest = codec.form == .zstandard && version > known.withLock { $0.newest }
        let dictionary: any RecordDictionary
        do {
            dictionary = try codec.prepare(bytes, forWriting: isNewest)
        } catch {
            throw StoreError(
                .corrupt, "Version \(version) of the dictionary of the table \(table) in the catalog is damaged.")
        }
        known.withLock { known in
            // Another task may have prepared it for writing meanwhile.
            if isNewest || known.byVersion[version] == nil { known.byVersion[version] = dictionary }
            if isNewest { known.newest = max(known.newest, version) }
        }
    }

    private func missing(_ version: Int) -> StoreError {
        StoreError(
            .corrupt,
            "A record of the table \(table) needs version \(version) of its dictionary, which the catalog does not "
                + "have.")
    }

    private var missingCompression: StoreError {
        StoreError(
            .missingCompression,
            "A record of the table \(table) is compressed, and the table declares no compression. Import "
                + "KVDSCompression, and declare one in the table: Compression.none, .lz4 or .zstandard. All of them "
                + "read all compressed records.")
    }
}
