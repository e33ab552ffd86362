import CLMDB
import Foundation
import KVDS
import Testing

@testable import KVDSLMDB

@Suite("LMDB error codes", .timeLimit(.minutes(1)))
struct LMDBErrorTests {
    private static let codes: [(Int32, StoreError.Code)] = [
        (MDB_MAP_FULL, .storeFull), (MDB_MAP_RESIZED, .busy), (MDB_READERS_FULL, .tooManySnapshots),
        (MDB_INVALID, .foreignFormat), (MDB_VERSION_MISMATCH, .newerFormat), (MDB_CORRUPTED, .corrupt),
        (MDB_PAGE_NOTFOUND, .corrupt), (MDB_BAD_TXN, .corrupt), (MDB_TXN_FULL, .invalidArgument),
        (MDB_BAD_VALSIZE, .invalidKey), (MDB_PANIC, .ioFailure), (MDB_BAD_RSLOT, .ioFailure), (ENOSPC, .diskFull),
        (EACCES, .permissionDenied), (EIO, .ioFailure),
    ]

    @Test("each LMDB error code becomes an error with the right code and advice", arguments: codes)
    func code(_ number: Int32, _ code: StoreError.Code) {
        let error = StoreError.lmdb(number, "read", "/store")
        #expect(error.code == code)
        // After a panic LMDB permits no more reads either.
        let advice = number == MDB_PANIC ? StoreError.Advice.reopen : code.advice
        #expect(error.advice == advice)
        #expect(error.store == "/store")
        switch EngineError.lmdb(number, "read", "/store") {
        case .mapFull: #expect([MDB_MAP_FULL, MDB_MAP_RESIZED].contains(number))
        case .failed(let failure): #expect(failure.code == code)
        case .wouldBlock: Issue.record("LMDB never refuses to wait")
        }
    }
}
