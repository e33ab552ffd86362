import KVDS
import TestSupport
import Testing

@testable import KVDSTesting

@Suite("The scripts of the conformance suite on disk", .timeLimit(.minutes(2)))
struct DiskScriptTests {
    @Test(
        "on disk every anomaly has the same outcomes as in memory:", arguments: DiskBackend.allCases,
        try ScriptFile.all(in: ScriptFile.anomalies))
    func anomalies(_ backend: DiskBackend, _ file: ScriptFile) async throws {
        try await withTemporaryDirectory { directory in
            let failure = try await file.check(isReference: false) { script in
                let store = try await backend.open("\(directory)/store", durability: .buffered)
                let outputs = try await Interleaving(script).outputs(on: store)
                try await store.close()
                return [outputs]
            }
            if let failure { Issue.record("\(backend): \(failure)") }
        }
    }
}
