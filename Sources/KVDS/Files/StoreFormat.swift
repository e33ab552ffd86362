/// The metadata of a disk store, stored apart from the keys of the user: two numbers, each 8 bytes big-endian. See
/// Documentation/Formats.md.
package enum StoreFormat {
    /// The newest format this version knows, and the one it writes.
    package static let version: UInt64 = 1
    package static let versionKey: Bytes = "format"
    package static let revisionKey: Bytes = "revision"
    /// Replaces the revision until a backup is complete. No store reaches this revision.
    static let unfinished: UInt64 = .max - 1

    /// The number in `buffer`.
    ///
    /// - Throws: `.corrupt` when it is not a valid number.
    package static func number(_ buffer: UnsafeRawBufferPointer, _ path: String) throws(StoreError) -> UInt64 {
        // The maximum is not valid, because it has no successor.
        guard buffer.count == 8, case let number = unsafe UInt64(bigEndian: buffer.loadUnaligned(as: UInt64.self)),
            number < .max
        else {
            throw StoreError(.corrupt, "The metadata of the store is damaged; restore a backup.", store: path)
        }
        return number
    }

    /// - Throws: `.corrupt` when the store is a backup that was not finished.
    package static func check(revision: UInt64?, _ path: String) throws(StoreError) {
        if revision == unfinished {
            throw StoreError(
                .corrupt, "The store is a backup that was not finished; remove its files and make it again.",
                store: path)
        }
    }

    /// - Throws: `.newerFormat` when this version does not know the format, `.corrupt` when it is not a valid format.
    package static func check(version: UInt64, _ path: String) throws(StoreError) {
        if version == 0 {
            throw StoreError(.corrupt, "The format number of the store is damaged; restore a backup.", store: path)
        }
        if version > Self.version {
            throw StoreError(
                .newerFormat,
                "The files have format \(version); this version knows \(Self.version). Use a newer one.", store: path)
        }
    }
}
