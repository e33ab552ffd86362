import KVDS

extension ScriptFile {
    /// The folders of the scripts that are part of the conformance suite.
    static let anomalies = "Sources/KVDSTesting/Scripts/anomalies"
    static let transactions = "Sources/KVDSTesting/Scripts/transactions"
}

extension Interleaving {
    /// Plays the interleaving in every way, and returns the output of each.
    func outputs(on store: any KeyValueStore) async throws -> [Script.Output] {
        let outcomes = [
            ("without transactions", try await playWithoutTransactions(store)),
            ("optimistic", try await playTransactions(store)),
            ("locking", try await playLocking(store)),
            ("locking and optimistic", try await playLocking(store, isMixed: true)),
        ]
        return outcomes.map { Script.Output(variant: $0, lines: output(of: $1)) }
    }
}
