import TestSupport
import KVDS
import Testing

@Suite("Files that several processes open", .timeLimit(.minutes(1)))
struct SharedFilesTests {
    @Test("an LMDB store reports that its files can be shared, a RocksDB store that they cannot")
    func isShared() async throws {
        try await withTemporaryDirectory { path in
            for backend in DiskBackend.allCases {
                let store = try await backend.open("\(path)/\(backend)")
                #expect(store.isShared == (backend == .lmdb))
                try await store.close()
            }
        }
    }
}
