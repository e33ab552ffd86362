#if Command
import CFaultyIO

/// One change that a recorded run made to its files.
struct IORecord {
    enum Action {
        /// A file or a directory was opened.
        case open(path: String, isNew: Bool, isEmptied: Bool)
        /// A write; `bytes` is the range of its data in the log.
        case write(offset: Int, bytes: Range<Int>, isThrough: Bool)
        case sync
        case setLength(Int, path: String?)
        case rename(String, String)
        case link(String, String)
        case unlink(String)
        case makeDirectory(String)
        case removeDirectory(String)
        case mark(UInt64)
    }

    /// The number of the open call for the file, counted from 1; 0 if the record has a path.
    let opening: UInt64
    let action: Action

    /// Parses a log of ``FaultyIO``.
    static func records(in log: [UInt8]) throws -> [IORecord] {
        var records: [IORecord] = []
        let head = MemoryLayout<faulty_io_entry>.size
        var place = 0
        while place + head <= log.count {
            let entry = unsafe log.withUnsafeBytes {
                unsafe $0.loadUnaligned(fromByteOffset: place, as: faulty_io_entry.self)
            }
            let bytes = place + head..<place + head + Int(entry.byte_count)
            place = bytes.lowerBound + (bytes.count + 7) / 8 * 8
            guard place <= log.count else { break }
            guard let action = action(entry, bytes, log) else {
                throw BrokenPromise("The log has a record of the unknown kind \(entry.kind).")
            }
            records.append(IORecord(opening: entry.opening, action: action))
        }
        return records
    }

    private static func action(_ entry: faulty_io_entry, _ bytes: Range<Int>, _ log: [UInt8]) -> Action? {
        let number = Int(truncatingIfNeeded: entry.number)
        func paths() -> [String] { log[bytes].split(separator: 0).map { String(decoding: $0, as: UTF8.self) } }
        func has(_ flag: Int) -> Bool { Int(entry.flags) & flag != 0 }
        switch Int(entry.kind) {
        case FAULTY_DID_OPEN:
            return .open(path: paths()[0], isNew: has(FAULTY_CREATED), isEmptied: has(FAULTY_EMPTIED))
        case FAULTY_DID_WRITE: return .write(offset: number, bytes: bytes, isThrough: has(FAULTY_WRITTEN_THROUGH))
        case FAULTY_DID_SYNC: return .sync
        case FAULTY_DID_SET_LENGTH: return .setLength(number, path: paths().first)
        case FAULTY_DID_RENAME: return .rename(paths()[0], paths()[1])
        case FAULTY_DID_LINK: return .link(paths()[0], paths()[1])
        case FAULTY_DID_UNLINK: return .unlink(paths()[0])
        case FAULTY_DID_MAKE_DIRECTORY: return .makeDirectory(paths()[0])
        case FAULTY_DID_REMOVE_DIRECTORY: return .removeDirectory(paths()[0])
        case FAULTY_DID_MARK: return .mark(entry.number)
        default: return nil
        }
    }
}
#endif
