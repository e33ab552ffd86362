#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import KVDS

extension TupleWriter {
    mutating func appendNull() {
        let start = count
        write(TupleCode.null)
        endElement(from: start)
    }

    mutating func append(bytes: some Sequence<UInt8>) { append(TupleCode.bytes, escaping: bytes) }

    mutating func append(string utf8: some Sequence<UInt8>) { append(TupleCode.string, escaping: utf8) }

    private mutating func append(_ code: UInt8, escaping bytes: some Sequence<UInt8>) {
        let start = count
        write(code)
        let written: Void? = bytes.withContiguousStorageIfAvailable { unsafe write(escaping: $0.span) }
        if written == nil { write(escaping: Array(bytes).span) }
        endElement(from: start)
    }

    /// Appends a nested tuple. Its bytes are those of the tuple, except that each null of its own is escaped.
    mutating func append(nested tuple: Tuple) {
        let start = count
        write(TupleCode.nested)
        var items = tuple.makeIterator()
        while let item = items.nextItem() {
            write(tuple.packed.span.extracting(item.bounds))
            if item.code == TupleCode.null { write(TupleCode.escape) }
        }
        write(TupleCode.end)
        endElement(from: start)
    }

    /// Appends an integer of at most 128 bits.
    mutating func append(integer value: some FixedWidthInteger) {
        let start = count
        if let magnitude = UInt64(exactly: value.magnitude) {
            // 0 to 8 bytes: the code contains their number.
            let length = 8 - magnitude.leadingZeroBitCount / 8
            let aligned = magnitude << (64 - 8 * length)
            write(value < 0 ? TupleCode.zero - UInt8(length) : TupleCode.zero + UInt8(length))
            write(value < 0 ? ~aligned : aligned, length: length)
        } else {
            let magnitude = UInt128(truncatingIfNeeded: value.magnitude)
            let length = 16 - magnitude.leadingZeroBitCount / 8
            let mask: UInt8 = value < 0 ? 0xFF : 0x00
            write(value < 0 ? TupleCode.longNegative : TupleCode.longPositive)
            write(UInt8(length) ^ mask)
            for index in (0..<length).reversed() { write(UInt8(truncatingIfNeeded: magnitude >> (8 * index)) ^ mask) }
        }
        endElement(from: start)
    }

    mutating func append(bigInteger value: Tuple.BigInteger) {
        let start = count
        let mask: UInt8 = value.isNegative ? 0xFF : 0x00
        write(value.isNegative ? TupleCode.longNegative : TupleCode.longPositive)
        write(UInt8(truncatingIfNeeded: value.magnitude.count) ^ mask)
        for byte in value.magnitude { write(byte ^ mask) }
        endElement(from: start)
    }

    mutating func append(float value: Float) {
        let start = count
        let bits = value.bitPattern
        write(TupleCode.float)
        write(UInt64(bits >> 31 == 0 ? bits | 1 << 31 : ~bits) << 32, length: 4)
        endElement(from: start)
    }

    mutating func append(double value: Double) {
        let start = count
        let bits = value.bitPattern
        write(TupleCode.double)
        write(bits >> 63 == 0 ? bits | 1 << 63 : ~bits)
        endElement(from: start)
    }

    mutating func append(bool value: Bool) {
        let start = count
        write(value ? TupleCode.true : TupleCode.false)
        endElement(from: start)
    }

    mutating func append(uuid value: UUID) {
        let start = count
        write(TupleCode.uuid)
        let bytes = value.uuid
        unsafe withUnsafeBytes(of: bytes) { raw in
            write(UInt64(bigEndian: unsafe raw.loadUnaligned(as: UInt64.self)))
            write(UInt64(bigEndian: unsafe raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }
        endElement(from: start)
    }

    mutating func append(versionstamp value: Tuple.Versionstamp) {
        let start = count
        write(TupleCode.versionstamp)
        write(value.bytes.span)
        endElement(from: start)
    }
}
