import Testing

@testable import KVDSTesting

/// The scripts of `Tests/Scripts/locking`. `LockTableScript` describes their commands.
@Suite("LockTable, as scripts")
struct LockTableScriptTests {
    @Test(
        "a lock table answers every request as its scripts say:",
        arguments: try ScriptFile.all(in: "Tests/Scripts/locking"))
    func scripts(_ file: ScriptFile) async throws {
        let failure = try await file.check { script in
            var table = LockTableScript(script)
            return try table.run()
        }
        if let failure { Issue.record("\(failure)") }
    }
}
