public import KVDS

extension Tuple {
    /// The keys of the tuples that begin with the elements of this one.
    ///
    /// Without `includingSelf`, the range equals `range()` in FoundationDB: the packed bytes followed by 0x00, up to
    /// the packed bytes followed by 0xFF. The key of the tuple itself is not in it. The range of the empty tuple
    /// contains the keys of all tuples but the empty one.
    ///
    /// A range compares whole elements: the range of `("a")` contains `("a", 1)`, and not `("ab")`.
    ///
    /// - Parameter includingSelf: Whether the key of the tuple itself is in the range too. Default: false.
    public func range(includingSelf: Bool = false) -> KeyRange {
        KeyRange(from: includingSelf ? packed : packed.followed(by: 0x00), to: packed.followed(by: 0xFF))
    }
}

extension Bytes {
    /// These bytes and one more.
    func followed(by byte: UInt8) -> Bytes {
        var writer = TupleWriter(after: self)
        writer.write(byte)
        return writer.bytes()
    }
}
