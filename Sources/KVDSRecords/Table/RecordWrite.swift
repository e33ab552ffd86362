import KVDS

/// The change of one record, as a call asks for it.
struct RecordWrite {
    /// What must be true of the record before the change.
    enum Expectation: Equatable {
        case anything, absent, present
        /// It has this value.
        case equals(Bytes)
    }

    /// The key in the store.
    let key: Bytes
    /// The new record; nil to delete it.
    let record: EncodedRecord?
    var expectation = Expectation.anything
}
