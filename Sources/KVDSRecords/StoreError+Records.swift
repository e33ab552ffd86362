public import KVDS

extension StoreError.Code {
    /// The type of a record cannot be stored, or the stored records cannot be read as the type. Nothing changed.
    public static let incompatibleSchema = Self("incompatibleSchema", advice: .usageError)
    /// The record cannot be encoded: it does not match its type's schema, or it is nested too deeply. Nothing changed.
    public static let invalidRecord = Self("invalidRecord", advice: .usageError)
    /// The table has a record with this key already. Nothing changed.
    public static let alreadyExists = Self("alreadyExists", advice: .usageError)
    /// A record is compressed, and its table declares no ``Compression``. The record is not damaged. Nothing changed.
    public static let missingCompression = Self("missingCompression", advice: .usageError)
    /// No dictionary can be made from the records of the table: they are too few, or too short. Nothing changed.
    public static let cannotTrain = Self("cannotTrain", advice: .usageError)
}

extension StoreError {
    static func corruptRecord(_ problem: String) -> StoreError {
        StoreError(.corrupt, "A stored record is damaged. \(problem)")
    }
}
