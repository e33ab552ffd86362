import KVDS
import Testing

@testable import KVDSTesting

/// The scripts of `Sources/KVDSTesting/Scripts`. `Interleaving` and `TransactionScript` describe their commands.
@Suite("The scripts of the conformance suite", .timeLimit(.minutes(2)))
struct ConformanceScriptTests {
    @Test(
        "on a memory store every anomaly has the outcomes that its script says:",
        arguments: try ScriptFile.all(in: ScriptFile.anomalies))
    func anomalies(_ file: ScriptFile) async throws {
        let failure = try await file.check { script in
            let interleaving = try Interleaving(script)
            let usual = try await interleaving.outputs(on: MemoryStore())
            // Without snapshots most outcomes are the same. The script contains the others.
            let bare = try await interleaving.outputs(on: BareStore(MemoryStore())).filter { output in
                let name = "\(output.variant), without snapshots"
                return !usual.contains(output) || script.blocks[0].outputs.contains { $0.variant == name }
            }
            return [usual + bare.map { Script.Output(variant: "\($0.variant), without snapshots", lines: $0.lines) }]
        }
        if let failure { Issue.record("\(failure)") }
    }

    @Test(
        "on a memory store every transaction script has the expected output:",
        arguments: try ScriptFile.all(in: ScriptFile.transactions))
    func transactions(_ file: ScriptFile) async throws {
        let failure = try await file.check { try await TransactionScript($0, MemoryStore()).run() }
        if let failure { Issue.record("\(failure)") }
    }

    @Test("the conformance suite contains every script in its folders, under its name")
    func embedded() throws {
        let folders = [
            ScriptFile.anomalies: StoreConformance.anomalies, ScriptFile.transactions: EmbeddedScript.transactions,
        ]
        for (folder, embedded) in folders {
            let files = try ScriptFile.all(in: folder)
            let texts = Set(embedded.map(\.text))
            for file in files {
                let isEmbedded = texts.contains(try file.text())
                #expect(isEmbedded, "\(file) differs from the text in the library")
            }
            #expect(texts.count == files.count)
            for script in embedded { #expect(try script.script().name == script.name) }
        }
        #expect(Set(EmbeddedScript.transactions.map(\.name)).isSubset(of: StoreConformance.checks.map(\.name)))
    }
}
