import KVDS

extension StoreConformance {
    /// Anomalies that transactions must prevent. Each check first shows that the anomaly occurs on the same store
    /// without transactions.
    static let anomalyChecks = Interleaving.anomalies.map { anomaly in
        Check("transactions prevent \(anomaly), which occurs without them") { context, store in
            let without = try await anomaly.playWithoutTransactions(store)
            try context.expect(!anomaly.explains(without), "\(anomaly) without transactions, but \(without)")
            let with = try await anomaly.playTransactions(store)
            try context.expect(anomaly.explains(with), "an order that explains \(with)")
            try context.expect(with.transactions.contains { $0.isCommitted }, "a transaction that commits: \(with)")
        }
    }

    /// The same anomalies with locking transactions, alone and mixed with optimistic ones.
    static let lockingAnomalyChecks = Interleaving.anomalies.flatMap { anomaly in
        [false, true].map { isMixed in
            Check("locking transactions\(isMixed ? " among optimistic ones" : "") prevent \(anomaly)") {
                context, store in
                let outcome = try await anomaly.playLocking(store, isMixed: isMixed)
                try context.expect(anomaly.explains(outcome), "an order that explains \(outcome)")
                try context.expect(
                    outcome.transactions.contains { $0.isCommitted }, "a transaction that commits: \(outcome)")
            }
        }
    }
}
