package import KVDS

/// The decoders of bytes and text from outside that have no type of their own, for tests that try any input.
package enum UntrustedForms {
    /// Reads the description of a table in the catalog.
    ///
    /// - Returns: the bytes as which it would be written.
    /// - Throws: `.corrupt` or `.newerFormat`.
    package static func rewrittenDescription(_ bytes: Bytes) throws(StoreError) -> Bytes {
        try TableDescription(bytes, table: "table").bytes
    }

    /// Reads a schema in the catalog.
    ///
    /// - Returns: the bytes as which it would be written.
    /// - Throws: `.corrupt`.
    package static func rewrittenSchema(_ bytes: Bytes) throws(StoreError) -> Bytes {
        try Schema(packed: bytes).tuple.packed
    }

    /// Reads a page token of a query.
    ///
    /// - Returns: the bytes as which it would be written.
    /// - Throws: `.invalidArgument`.
    package static func rewrittenToken(_ bytes: Bytes, query: UInt64) throws(StoreError) -> Bytes {
        try QueryPosition(PageToken(bytes: bytes), query).token(query).bytes
    }

    /// Parses a filter that is written as text, for records with a schema.
    ///
    /// - Throws: `.invalidArgument`.
    package static func parseFilter(_ text: String, _ schema: Schema) throws(StoreError) {
        _ = try FilterParser.parse(text, schema)
    }
}
