#if Command
import KVDSSystem

/// A message that a child writes to its standard output: 32 bytes in one write, so that a kill cannot split it.
struct ChildMessage {
    enum Kind: UInt64 {
        /// The child is about to open the store.
        case opening
        /// The store is open, at this revision.
        case open
        /// An operation was committed.
        case acknowledged
        /// The child is about to close the store.
        case closing
        /// The store is closed.
        case closed
        /// Something forbidden happened; a description of `number` bytes follows.
        case failed
    }

    static let byteCount = 32

    var kind: Kind
    var task = 0
    var number = 0
    var revision: UInt64 = 0

    func send(_ words: String = "") {
        var bytes: [UInt8] = []
        for field in [kind.rawValue, UInt64(task), UInt64(number), revision] {
            for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: field >> shift)) }
        }
        bytes += words.utf8
        _ = unsafe bytes.withUnsafeBytes { unsafe write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }

    static func fail(_ words: String) {
        let words = String(words.prefix(1_000))
        ChildMessage(kind: .failed, number: words.utf8.count).send(words)
    }

    /// Removes the next message from `bytes`, or returns nil if it is incomplete.
    ///
    /// - Throws: ``BrokenPromise`` if the message reports a failure.
    static func take(from bytes: inout ArraySlice<UInt8>) throws -> ChildMessage? {
        guard bytes.count >= byteCount else { return nil }
        let fields = (0..<4).map { field in
            bytes.dropFirst(8 * field).prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }
        guard let kind = Kind(rawValue: fields[0]) else { throw BrokenPromise("a child said what is no message") }
        let message = ChildMessage(kind: kind, task: Int(fields[1]), number: Int(fields[2]), revision: fields[3])
        if kind == .failed {
            let words = bytes.dropFirst(byteCount).prefix(message.number)
            throw BrokenPromise("a child found: \(String(decoding: words, as: UTF8.self))")
        }
        bytes = bytes.dropFirst(byteCount)
        return message
    }
}
#endif
