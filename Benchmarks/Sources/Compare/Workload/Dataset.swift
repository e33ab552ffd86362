import KVDS
import Peers

/// Rows in a random order that is the same in every run. Keys are `user` and at least eleven digits; values are random
/// bytes.
///
/// Both sides get the same bytes: KVDS as `Bytes`, the peers packed.
struct Dataset: Sendable {
    let keys: [Bytes]
    let values: [Bytes]
    let packed: PackedRows

    /// - Parameters:
    ///   - count: the number of rows.
    ///   - keyLength: the length of a key, at least 15 bytes.
    ///   - first: the number of the first row. Disjoint ranges of numbers have no key in common.
    init(count: Int, keyLength: Int = 15, valueLength: Int = 100, first: Int = 0) {
        var random = SplitMix64(seed: 42)
        keys = Dataset.keys(first..<first + count, length: keyLength).shuffled(using: &random)
        values = (0..<count).map { _ in Bytes((0..<valueLength).map { _ in UInt8.random(in: 0...255, using: &random) })
        }
        packed = PackedRows(keys: keys, values: values)
    }

    init(keys: [Bytes], values: [Bytes]) {
        self.keys = keys
        self.values = values
        packed = PackedRows(keys: keys, values: values)
    }

    /// Returns the keys of the rows with these numbers.
    static func keys(_ numbers: Range<Int>, length: Int = 15) -> [Bytes] { numbers.map { key($0, length: length) } }

    /// Digits that do not increase with the number, so that successive rows are not adjacent in the store.
    private static func key(_ number: Int, length: Int) -> Bytes {
        let digits = String(UInt64(number) &* 2_654_435_761 % 100_000_000_000)
        return Bytes("user" + String(repeating: "0", count: length - 4 - digits.count) + digits)
    }

    /// Returns `count` random rows, some more than once.
    func sample(_ count: Int, seed: UInt64 = 7) -> Dataset {
        var random = SplitMix64(seed: seed)
        let chosen = (0..<count).map { _ in Int.random(in: 0..<keys.count, using: &random) }
        return Dataset(keys: chosen.map { keys[$0] }, values: chosen.map { values[$0] })
    }

    /// Returns the same keys, each with the value of the row `shift` places later.
    func revalued(by shift: Int) -> Dataset {
        Dataset(keys: keys, values: keys.indices.map { values[($0 + shift) % count] })
    }

    /// Returns the first `count` rows.
    func prefix(_ count: Int) -> Dataset {
        Dataset(keys: Array(keys[..<count]), values: Array(values[..<count]))
    }

    var count: Int { keys.count }

    /// The number of bytes of all keys and values.
    var payload: Int { count * (packed.rows.key_length + packed.rows.value_length) }
}

/// Rows in the form that the peers take.
///
/// `@unchecked Sendable` is correct because the bytes are written only once, in `init`.
final class PackedRows: @unchecked Sendable {
    let rows: peer_rows
    private let bytes: UnsafeMutableRawBufferPointer

    init(keys: [Bytes], values: [Bytes]) {
        let keyLength = keys.first?.count ?? 0
        let valueLength = values.first?.count ?? 0
        let bytes = UnsafeMutableRawBufferPointer.allocate(
            byteCount: keys.count * (keyLength + valueLength) + 1, alignment: 16)
        let valuesAt = keys.count * keyLength
        for index in keys.indices {
            keys[index].withUnsafeBytes { bytes[(index * keyLength)...].copyBytes(from: $0) }
            values[index].withUnsafeBytes { bytes[(valuesAt + index * valueLength)...].copyBytes(from: $0) }
        }
        self.bytes = bytes
        let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        rows = peer_rows(
            keys: base, values: base.map { $0 + valuesAt }, key_length: keyLength, value_length: valueLength,
            count: keys.count)
    }

    deinit { bytes.deallocate() }
}

/// A small generator whose sequence depends only on its seed.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
