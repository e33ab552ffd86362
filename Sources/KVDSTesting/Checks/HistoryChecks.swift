import KVDS

extension StoreConformance {
    /// The reads of many tasks, checked as one history.
    static let historyChecks = HistoryCheck.Transactions.allCases.map { transactions in
        Check("one order explains all results of 16 tasks in \(transactions) transactions and single calls") {
            context, store in
            let operations = context.suite.operations
            try await HistoryCheck(seed: context.suite.seed, operations: operations, transactions: transactions).run(
                on: store)
        }
    }
}
