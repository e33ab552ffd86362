import DiskTestSupport
import KVDS
import Testing

@Suite("Files that several processes open", .timeLimit(.minutes(1)))
struct SharedFilesTests {
    @Test("an LMDB store says that other processes may share its files, a RocksDB store that they may not")
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
