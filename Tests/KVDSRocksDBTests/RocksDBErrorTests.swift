import KVDS
import Testing

@testable import KVDSRocksDB

@Suite("RocksDB error messages", .timeLimit(.minutes(1)))
struct RocksDBErrorTests {
    private static let full = "IO error: No space left on device: While appending to file: /store"

    private static let messages: [(String, StoreError.Code)] = [
        ("Result incomplete: no blocking io", .busy),
        ("Result incomplete: IO error: No space left on device: /store/000012.sst", .diskFull),
        ("\(full)/000012.log: No space left on device", .diskFull),
        ("IO error: While open a file for appending: /store/LOCK: Permission denied", .permissionDenied),
        ("IO error: While mkdir if missing: /store: Read-only file system", .permissionDenied),
        ("IO error: While open a file for random read: /store/000012.sst: Too many open files", .tooManyFiles),
        ("IO error: While lock file: /store/LOCK: Resource temporarily unavailable", .storeInUse),
        ("IO error: lock hold by current process, acquire time 1: /store/LOCK: No locks", .storeInUse),
        ("Invalid argument: Direct I/O is not supported by the specified DB.", .ioFailure),
        ("Corruption: CURRENT file does not end with newline", .corrupt),
        ("Invalid argument: Column families not opened: theirs", .foreignFormat),
        ("Invalid argument: Compression type LZ4 is not linked with the binary.", .invalidArgument),
        ("Not implemented: Not supported operation in this mode.", .invalidArgument),
        ("Resource busy: ", .busy), ("Operation timed out: ", .busy),
        ("IO error: While pread: /store/000012.sst: Input/output error", .ioFailure),
    ]

    private static let writes: [(String, StoreError.Code)] = [
        ("Invalid argument: ", .invalidArgument), ("Resource busy: ", .busy),
        ("\(full)/000012.sst: No space left on device", .diskFull),
        ("\(full)/000012.log: No space left on device", .outcomeUnknown),
        ("IO error: While fdatasync: /store/000012.log: Input/output error", .outcomeUnknown),
        ("Corruption: ", .outcomeUnknown),
    ]

    @Test("each RocksDB error message becomes an error with the right code and advice", arguments: messages)
    func message(_ message: String, _ code: StoreError.Code) {
        let error = StoreError.rocksDB(message, "/store")
        #expect(error.code == code)
        #expect(error.advice == code.advice)
        #expect(error.store == "/store")
    }

    @Test("a failed write that RocksDB did not reject up front has an unknown outcome", arguments: writes)
    func write(_ message: String, _ code: StoreError.Code) {
        guard case .failed(let error) = EngineError.rocksDB(write: message, "/store") else {
            Issue.record("it is a signal")
            return
        }
        #expect(error.code == code)
    }

    @Test("RocksDB's refusal to wait is a signal, unless an I/O error caused it")
    func signals() {
        for message in ["Result incomplete: no blocking io", "Result incomplete: Write stall"] {
            for error in [EngineError.rocksDB(message, "/store"), .rocksDB(write: message, "/store")] {
                guard case .wouldBlock = error else {
                    Issue.record("\(message): \(error)")
                    continue
                }
            }
        }
        guard case .failed = EngineError.rocksDB("Result incomplete: IO error: Input/output error", "/store") else {
            Issue.record("an I/O error is a signal")
            return
        }
    }
}
