package import KVDS

/// Compresses and decompresses records. `KVDSCompression` has the implementation, so that this module needs no C
/// library. A codec is used by any number of threads at the same time.
package protocol RecordCodec: Sendable {
    /// The form of new records, without a dictionary.
    var form: RecordForm { get }

    /// Appends the compressed form of a record.
    ///
    /// Equal records, with one codec and one dictionary, get equal bytes.
    ///
    /// - Parameters:
    ///   - record: the bytes of the record; at least one.
    ///   - form: any but `.plain`.
    ///   - dictionary: the dictionary that the form needs, prepared for writing.
    ///   - room: how many bytes it may have.
    /// - Returns: whether it was appended. It was not if it needs more room.
    func compress(
        _ record: RawSpan, as form: RecordForm, with dictionary: (any RecordDictionary)?, room: Int,
        to writer: ByteWriter
    ) -> Bool

    /// Decompresses a record.
    ///
    /// - Parameters:
    ///   - content: what `compress` appended.
    ///   - form: any but `.plain`.
    ///   - size: the number of bytes of the record, if the form needs it.
    ///   - dictionary: the dictionary that the form needs.
    /// - Throws: `.corrupt` if the bytes are damaged. No more memory is allocated for the record than
    ///   ``RecordForm/greatestRatio`` times the length of `content`.
    func decompress(
        _ content: Bytes, as form: RecordForm, size: Int, with dictionary: (any RecordDictionary)?
    ) throws(StoreError) -> Bytes

    /// Makes a dictionary ready for use.
    ///
    /// - Parameters:
    ///   - dictionary: what ``train(_:capacity:)`` returned.
    ///   - forWriting: whether it is also used to compress.
    /// - Throws: `.corrupt` if it is damaged.
    func prepare(_ dictionary: Bytes, forWriting: Bool) throws(StoreError) -> any RecordDictionary

    /// Makes a dictionary from records.
    ///
    /// - Parameters:
    ///   - samples: some records.
    ///   - capacity: the greatest number of bytes of the dictionary.
    /// - Throws: `.cannotTrain` if the samples are too few or too short.
    func train(_ samples: [Bytes], capacity: Int) throws(StoreError) -> Bytes
}

/// A dictionary that a codec has prepared.
package protocol RecordDictionary: AnyObject, Sendable {}
