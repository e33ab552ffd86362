import KVDS

extension StoreConformance {
    /// What many tasks see, judged as a whole.
    static let historyChecks = [
        Check("one order explains what 16 tasks see in transactions and single calls") { trial, store in
            try await HistoryCheck(seed: trial.suite.seed, operations: trial.suite.operations).run(on: store)
        }
    ]
}
