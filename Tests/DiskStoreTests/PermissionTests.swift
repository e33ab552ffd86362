import DiskTestSupport
import Foundation
import KVDS
import Testing

@Suite("A directory of somebody else", .timeLimit(.minutes(5)))
struct PermissionTests {
    /// Root may do everything, so that the store is opened by a process of another user.
    private static let asNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]

    @Test(
        "is .permissionDenied, with what to do",
        .enabled(if: NSUserName() == "root" && Tool.isInstalled("setpriv")), arguments: DiskBackend.allCases)
    func unwritable(_ backend: DiskBackend) async throws {
        try await withTemporaryDirectory { path in
            let worker = try WorkerProcess(backend, "\(path)/store", under: Self.asNobody)
            // Nothing is said where that user may not even run the worker.
            if let line = await worker.nextLine() {
                #expect(line.hasPrefix("permissionDenied") && line.contains("give this user the right"), "\(line)")
            }
        }
    }
}
