import KVDS
import KVDSRecords

#if Compression
import KVDSCompression
#endif

/// Checks the compressed forms of records.
enum CompressionFaults {
    /// - Parameter input: the form, the size that the header of a record would contain, and the compressed bytes.
    static func fault(in input: [UInt8]) -> String? {
        #if Compression
        guard input.count >= 3, let form = RecordForm(rawValue: input[0] & 3) else { return nil }
        let codec = Compression.zstandard().codec
        let size = Int(input[1]) << 8 | Int(input[2])
        let content = Bytes(input[3...])
        let dictionary = form == .zstandardWithDictionary ? CompressionFaults.dictionary : nil
        let record: Bytes
        do throws(StoreError) {
            record = try codec.decompress(content, as: form, size: size, with: dictionary)
        } catch {
            return error.code == .corrupt ? nil : "decompressing throws \(error)"
        }
        if form == .plain { return record == content ? nil : "a plain record has changed" }
        if record.count > content.count * RecordForm.greatestRatio { return "\(record.count) bytes were made" }
        return fault(compressing: record, form, codec, dictionary)
        #else
        return nil
        #endif
    }

    #if Compression
    /// Some records, of which the dictionary is made.
    private static let dictionary: (any RecordDictionary)? = {
        let samples = (0..<200).map {
            Bytes("user \($0): the city is \($0 % 7 == 0 ? "Oslo" : "Bergen"), the age \($0)")
        }
        let codec = Compression.zstandard().codec
        return try? codec.prepare(codec.train(samples, capacity: 1024), forWriting: true)
    }()

    private static func fault(
        compressing record: Bytes, _ form: RecordForm, _ codec: any RecordCodec, _ dictionary: (any RecordDictionary)?
    ) -> String? {
        let writer = ByteWriter()
        guard !record.isEmpty,
            codec.compress(record.bytes, as: form, with: dictionary, room: record.count + 64, to: writer)
        else { return nil }
        // The record may come from bytes that are not compressed well, and be compressed too well now.
        if record.count > writer.count * RecordForm.greatestRatio { return nil }
        let again = try? codec.decompress(writer.bytes, as: form, size: record.count, with: dictionary)
        return again == record ? nil : "\(record.count) bytes are not the same after compressing them"
    }
    #endif
}
