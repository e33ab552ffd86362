import KVDS

extension StoreConformance {
    /// What cannot happen to transactions. That each history can go wrong is shown on the same store, without them.
    static let anomalyChecks = Interleaving.anomalies.map { anomaly in
        Check("transactions keep out \(anomaly), which happens without them") { trial, store in
            let without = try await anomaly.playWithoutTransactions(store)
            try trial.expect(!anomaly.explains(without), "\(anomaly) without transactions, but \(without)")
            let with = try await anomaly.playTransactions(store)
            try trial.expect(anomaly.explains(with), "an order that explains \(with)")
            try trial.expect(with.transactions.contains { $0.isCommitted }, "a transaction that commits: \(with)")
        }
    }
}
