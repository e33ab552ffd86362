import KVDS

extension TupleReader {
    /// Passes over the rest of an element that is no nested tuple.
    @_lifetime(self: copy self)
    mutating func skip(_ code: UInt8) throws(StoreError) -> TupleItem.Content {
        switch code {
        case TupleCode.null, TupleCode.zero, TupleCode.false, TupleCode.true: break
        case TupleCode.bytes, TupleCode.string: return try skipText(isString: code == TupleCode.string)
        case TupleCode.positive1...TupleCode.positive8:
            try skipMagnitude(Int(code - TupleCode.zero), mask, "an integer")
        case TupleCode.negative8...TupleCode.negative1:
            try skipMagnitude(Int(TupleCode.zero - code), ~mask, "an integer")
        case TupleCode.longPositive: try skipLongInteger(mask)
        case TupleCode.longNegative: try skipLongInteger(~mask)
        case TupleCode.float: try skip(4, "a float")
        case TupleCode.double: try skip(8, "a double")
        case TupleCode.uuid: try skip(16, "a UUID")
        case TupleCode.versionstamp: try skip(Tuple.Versionstamp.length, "a versionstamp")
        default: throw .malformedTuple(at: position - 1, "there is no element with this type code")
        }
        return TupleItem.Content()
    }

    @_lifetime(self: copy self)
    private mutating func skip(_ length: Int, _ kind: String) throws(StoreError) {
        guard bytes.count - position >= length else {
            throw .malformedTuple(at: bytes.count, "\(kind) is cut off")
        }
        position += length
    }

    /// Passes over a magnitude, which is combined with `mask`. It must not have leading zeros.
    @_lifetime(self: copy self)
    private mutating func skipMagnitude(_ length: Int, _ mask: UInt8, _ kind: String) throws(StoreError) {
        let start = position
        try skip(length, kind)
        guard bytes[start] ^ mask != 0 else { throw .malformedTuple(at: start, "\(kind) has a leading zero") }
    }

    @_lifetime(self: copy self)
    private mutating func skipLongInteger(_ mask: UInt8) throws(StoreError) {
        try skip(1, "a long integer")
        let start = position
        let length = Int(bytes[start - 1] ^ mask)
        guard length >= 8 else { throw .malformedTuple(at: start - 1, "a long integer has fewer than eight bytes") }
        try skipMagnitude(length, mask, "a long integer")
        // Python has this form for 2⁶⁴-1, and for no other integer of eight bytes.
        if length == 8, let wrong = (start..<position).first(where: { bytes[$0] ^ mask != 0xFF }) {
            throw .malformedTuple(at: wrong, "an integer of eight bytes has the form of a longer one")
        }
    }

    /// Passes over escaped bytes and their end.
    @_lifetime(self: copy self)
    private mutating func skipText(isString: Bool) throws(StoreError) -> TupleItem.Content {
        var content = TupleItem.Content()
        var scalars = UTF8Scalars()
        let kind = isString ? "a string" : "a byte string"
        while position < bytes.count {
            let byte = bytes[position] ^ mask
            if byte == TupleCode.end {
                guard scalars.isComplete else { throw .malformedTuple(at: position, "a string is not UTF-8") }
                position += 1
                guard position < bytes.count, bytes[position] ^ mask == TupleCode.escape else { return content }
                content.hasEscapes = true
            } else if isString, !scalars.accept(byte) {
                throw .malformedTuple(at: position, "a string is not UTF-8")
            }
            position += 1
        }
        throw .malformedTuple(at: position, "the end of \(kind) is missing")
    }
}
