public import KVDS

extension Tuple {
    /// The 12 bytes of a versionstamp of FoundationDB: the order of a commit, which only FoundationDB assigns.
    ///
    /// Stores of this package do not assign versionstamps. They are read and written as opaque bytes, so that tuples
    /// from FoundationDB can be kept.
    public struct Versionstamp: Hashable, Sendable {
        /// The bytes: eight of the version, two of the batch, and two that order the entries of one transaction.
        public let bytes: Bytes

        /// A versionstamp of the given bytes.
        ///
        /// - Parameter bytes: 12 bytes.
        /// - Throws: `.invalidArgument` if there are not 12 bytes.
        public init(_ bytes: Bytes) throws(StoreError) {
            guard bytes.count == Versionstamp.length else {
                throw StoreError(.invalidArgument, "A versionstamp has 12 bytes, and not \(bytes.count).")
            }
            self.bytes = bytes
        }

        /// The versionstamp of bytes that are known to be 12.
        init(unchecked bytes: Bytes) { self.bytes = bytes }

        static var length: Int { 12 }
    }
}
