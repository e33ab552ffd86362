import KVDS

extension StoreConformance {
    /// What many tasks see, judged as a whole.
    static let historyChecks = HistoryCheck.Transactions.allCases.map { transactions in
        Check("one order explains what 16 tasks see in \(transactions) transactions and single calls") {
            context, store in
            let operations = context.suite.operations
            try await HistoryCheck(seed: context.suite.seed, operations: operations, transactions: transactions).run(
                on: store)
        }
    }
}
