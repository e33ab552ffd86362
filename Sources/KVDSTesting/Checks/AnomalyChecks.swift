import KVDS

extension StoreConformance {
    /// Anomalies that transactions must prevent. Each check first shows that the anomaly occurs on the same store
    /// without transactions.
    static let anomalyChecks = anomalies.map { anomaly in
        Check("transactions prevent \(anomaly.name), which occurs without them") { context, store in
            let interleaving = try anomaly.interleaving()
            let without = try await interleaving.playWithoutTransactions(store)
            try context.expect(!interleaving.explains(without), "\(anomaly.name) without transactions, but \(without)")
            let with = try await interleaving.playTransactions(store)
            try context.expect(interleaving.explains(with), "an order that explains \(with)")
            try context.expect(with.transactions.contains { $0.isCommitted }, "a transaction that commits: \(with)")
        }
    }

    /// The same anomalies with locking transactions, alone and mixed with optimistic ones.
    static let lockingAnomalyChecks = anomalies.flatMap { anomaly in
        [false, true].map { isMixed in
            Check("locking transactions\(isMixed ? " among optimistic ones" : "") prevent \(anomaly.name)") {
                context, store in
                let interleaving = try anomaly.interleaving()
                let outcome = try await interleaving.playLocking(store, isMixed: isMixed)
                try context.expect(interleaving.explains(outcome), "an order that explains \(outcome)")
                try context.expect(
                    outcome.transactions.contains { $0.isCommitted }, "a transaction that commits: \(outcome)")
            }
        }
    }

    /// The named anomalies. The script of each is a schedule in which it occurs unless something prevents it.
    static let anomalies = [
        EmbeddedScript("a dirty write", PackageResources.dirty_write_txt),
        EmbeddedScript("an aborted read", PackageResources.aborted_read_txt),
        EmbeddedScript("an intermediate read", PackageResources.intermediate_read_txt),
        EmbeddedScript("circular information flow", PackageResources.circular_information_flow_txt),
        EmbeddedScript("a lost update", PackageResources.lost_update_txt),
        EmbeddedScript("a lost update of an absent key", PackageResources.lost_update_of_an_absent_key_txt),
        EmbeddedScript("a fuzzy read", PackageResources.fuzzy_read_txt),
        EmbeddedScript("read skew", PackageResources.read_skew_txt),
        EmbeddedScript("read skew between a key and a scan", PackageResources.read_skew_in_a_scan_txt),
        EmbeddedScript("write skew", PackageResources.write_skew_txt),
        EmbeddedScript("a phantom", PackageResources.phantom_txt),
        EmbeddedScript("a phantom in an empty range", PackageResources.phantom_in_an_empty_range_txt),
        EmbeddedScript("a phantom between two scans", PackageResources.phantom_between_two_scans_txt),
        EmbeddedScript("the read-only anomaly", PackageResources.read_only_anomaly_txt),
    ]
}
