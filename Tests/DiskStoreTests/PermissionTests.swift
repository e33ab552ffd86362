import TestSupport
import Foundation
import KVDS
import Testing

@Suite("A directory of another user", .timeLimit(.minutes(5)))
struct PermissionTests {
    /// Root may do everything, so a process of another user opens the store.
    private static let asNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]

    @Test(
        "opening a directory without permission throws .permissionDenied with advice",
        .enabled(if: NSUserName() == "root" && Tool.isInstalled("setpriv")), arguments: disks)
    func unwritable(_ backend: DiskBackend) async throws {
        try await withTemporaryDirectory { path in
            let worker = try WorkerProcess(backend, "\(path)/store", under: Self.asNobody)
            // There is no output if that user may not run the worker.
            if let line = await worker.nextLine() {
                #expect(line.hasPrefix("permissionDenied") && line.contains("give this user the right"), "\(line)")
            }
        }
    }
}
