import Foundation
import Testing

@testable import KVDS

@Suite("Store errors and their advice")
struct StoreErrorTests {
    private static let codes: [(StoreError.Advice, [StoreError.Code])] = [
        (
            .usageError,
            [
                .invalidKey, .invalidValue, .invalidStoreID, .invalidArgument, .snapshotEnded, .notSupported,
                .transactionEnded, .foreignFormat, .notADirectory, .notFound, .unknownBackend,
            ]
        ),
        (.reopen, [.closed, .writesRefused]),
        (
            .retry,
            [
                .snapshotExpired, .ioFailure, .tooManySnapshots, .busy, .conflict, .deadlock, .lockTimeout,
            ]
        ),
        (.freeResources, [.diskFull, .storeFull, .tooManyFiles, .permissionDenied]),
        (.none, [.cancelled]), (.inUse, [.storeInUse]), (.outcomeUnknown, [.outcomeUnknown]),
        (.restore, [.corrupt]), (.upgrade, [.newerFormat]),
    ]

    @Test("each error code has its own advice, unless the error overrides it")
    func advice() {
        var names: Set<String> = []
        for (advice, codes) in Self.codes {
            for code in codes {
                #expect(StoreError(code, "A failure.").advice == advice, "\(code)")
                #expect(StoreError(code, "A failure.", advice: .upgrade).advice == .upgrade, "\(code)")
                names.insert(code.description)
            }
        }
        #expect(names.count == Self.codes.reduce(0) { $0 + $1.1.count }, "two kinds have one name")
    }

    @Test("a system error becomes a store error with the matching code, store and message")
    func system() {
        let numbers: [(StoreError.Code, [Int32])] = [
            (.notFound, [ENOENT]), (.permissionDenied, [EACCES, EPERM, EROFS]), (.notADirectory, [ENOTDIR, EISDIR]),
            (.diskFull, [ENOSPC, EDQUOT]), (.tooManyFiles, [EMFILE, ENFILE]),
            (.invalidArgument, [ENAMETOOLONG, EINVAL]), (.ioFailure, [EIO, ENXIO]),
        ]
        for (code, numbers) in numbers {
            for number in numbers {
                let error = StoreError.system(number, "open", "/some/place")
                #expect(error.code == code, "\(number)")
                #expect(error.store == "/some/place" && error.message.contains("Cannot open /some/place"))
            }
        }
    }

    private static func number(_ bytes: [UInt8]) -> (number: UInt64?, code: StoreError.Code?) {
        do {
            return (try unsafe bytes.withUnsafeBytes { try unsafe StoreFormat.number($0, "/store") }, nil)
        } catch {
            return (nil, (error as? StoreError)?.code)
        }
    }

    @Test("a stored number of a wrong length or without a successor throws .corrupt")
    func numbers() {
        #expect(Self.number([0, 0, 0, 0, 0, 0, 1, 2]).number == 258)
        #expect(Self.number(Array(repeating: 255, count: 7) + [254]).number == UInt64.max - 1)
        for wrong in [Array(repeating: UInt8(255), count: 8), Array(repeating: 0, count: 9), []] {
            #expect(Self.number(wrong).code == .corrupt, "\(wrong)")
        }
    }

    private static func code(_ check: () throws(StoreError) -> Void) -> StoreError.Code? {
        do throws(StoreError) { try check() } catch { return error.code }
        return nil
    }

    @Test("a format that is too new, missing or of an unfinished backup throws the matching error")
    func formats() {
        let versions: [(UInt64, StoreError.Code?)] = [
            (0, .corrupt), (StoreFormat.version, nil), (StoreFormat.version + 1, .newerFormat), (.max, .newerFormat),
        ]
        for (version, code) in versions {
            #expect(Self.code { () throws(StoreError) in try StoreFormat.check(version: version, "/s") } == code)
        }
        let revisions: [(UInt64?, StoreError.Code?)] = [(nil, nil), (7, nil), (StoreFormat.unfinished, .corrupt)]
        for (revision, code) in revisions {
            #expect(Self.code { () throws(StoreError) in try StoreFormat.check(revision: revision, "/s") } == code)
        }
    }
}
