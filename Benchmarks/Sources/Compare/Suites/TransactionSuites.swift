import Foundation
import KVDS
import Peers

extension Suite {
    /// Our optimistic transactions against RocksDB's optimistic transactions.
    static func optimisticTransactions(_ settings: Settings) -> Suite {
        let transactions = TransactionSuite(settings, .rocksDBOptimistic)
        return transactions.suite { load in
            transactions.rocksDB("optimistic", load, peer: "OptimisticTransactionDB") {
                try await $1.run(on: $0.store, tasks: TransactionSuite.tasks)
            }
        }
    }

    /// Our optimistic and our locking transactions against RocksDB's locking transactions.
    static func lockingTransactions(_ settings: Settings) -> Suite {
        let transactions = TransactionSuite(settings, .rocksDBLocking)
        return transactions.suite { load in
            transactions.rocksDB("locking", load, peer: "TransactionDB") {
                try await $1.run(on: $0.store, tasks: TransactionSuite.tasks)
            }
                + transactions.rocksDB("manager", load, ours: "TransactionManager", peer: "TransactionDB") {
                    try await $1.run(on: TransactionManager($0.store), tasks: TransactionSuite.tasks)
                }
        }
    }

    /// Our optimistic transactions on LMDB against a loop of write transactions. LMDB permits only one at a time.
    static func lmdbTransactions(_ settings: Settings) -> Suite {
        let transactions = TransactionSuite(settings, .lmdb, each: 30)
        return transactions.suite { load in
            [
                transactions.comparison(
                    "tx.lmdb", load, title: "LMDB transaction", mark: .none, ours: "KVDS", peer: "C, one at a time"
                ) {
                    try await $1.run(on: $0.store, tasks: TransactionSuite.tasks)
                } peer: {
                    peer_lmdb_add($0.peer, $1.packed.rows)
                    return 0
                } held: {
                    Checksum(peer_lmdb_scan($0.peer))
                }
            ]
        }
    }
}

/// Durable transactions of two reads and two writes, on a pair of stores.
private struct TransactionSuite: Sendable {
    static let tasks = 64

    enum Load: CaseIterable {
        case apart, hot

        var suffix: String { self == .hot ? ".hot" : "" }
        var words: String { self == .hot ? "zipfian 0.99" : "no key in common" }
    }

    private let pair: Lazy<EmbeddedPair>
    private let apart: Lazy<TransferWorkload>
    private let hot: Lazy<TransferWorkload>
    private let count: Int

    /// - Parameter each: the number of transactions that each task makes in a round.
    init(_ settings: Settings, _ driver: EmbeddedPair.Driver, each: Int = 150) {
        let rows = Lazy { Dataset(count: settings.entries) }
        pair = Lazy { try await EmbeddedPair(driver, rows.value, settings) }
        apart = Lazy { try await .apart(rows.value, tasks: Self.tasks, each: each) }
        hot = Lazy { try await .hot(rows.value, tasks: Self.tasks, each: each) }
        count = Self.tasks * each
    }

    /// Makes a suite of the comparisons with each load.
    func suite(_ comparisons: (Load) -> [Comparison]) -> Suite {
        Suite(comparisons: Load.allCases.flatMap(comparisons), close: { try await pair.made?.close() })
    }

    typealias Run = @Sendable (EmbeddedPair, TransferWorkload) async throws -> Int

    /// Compares with as many threads as there are cores, and with as many threads as we have tasks.
    func rocksDB(
        _ name: String, _ load: Load, ours: String = "KVDS", peer: String, _ run: @escaping Run
    ) -> [Comparison] {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        return [(cores, Comparison.Mark.speedAtLeast(1), ""), (Self.tasks, .none, ".threads")].map {
            threads, mark, suffix in
            comparison(
                "tx.rocksdb.\(name)", load, suffix,
                title: "RocksDB \(ours == "KVDS" ? "optimistic" : "locking") transaction", mark: mark, ours: ours,
                peer: "\(peer), \(threads) threads", run
            ) {
                Int(peer_rocksdb_add($0.peer, $1.packed.rows, Int32(threads)))
            } held: {
                Checksum(peer_rocksdb_scan($0.peer))
            }
        }
    }

    /// - Parameters:
    ///   - run: makes the transactions, and returns the number of retries; `peer` does the same.
    ///   - held: returns the checksum of the peer's contents.
    func comparison(
        _ name: String, _ load: Load, _ suffix: String = "", title: String, mark: Comparison.Mark, ours: String,
        peer peerName: String, _ run: @escaping Run, peer: @escaping Run,
        held: @escaping @Sendable (EmbeddedPair) -> Checksum
    ) -> Comparison {
        let again = Retries()
        let additions = load == .hot ? hot : apart
        func side(
            _ name: String, _ retries: any WritableKeyPath<Retries.Counts, Int> & Sendable, _ run: @escaping Run,
            held: @escaping @Sendable (EmbeddedPair) async throws -> Checksum
        ) -> Comparison.Side {
            Comparison.Side(name: name, operations: count) {
                _ = try await (pair.value, additions.value)
            } run: {
                await again.set(retries, try await run(pair.value, additions.value))
                return Checksum()
            } check: {
                try await held(pair.value)
            }
        }
        var comparison = Comparison(
            name: "\(name).\(Self.tasks)\(load.suffix)\(suffix)",
            title: "\(title), 2 reads and 2 writes, \(Self.tasks) tasks, \(load.words)", mark: mark,
            ours: side(ours, \.ours, run) { try await Reading.scan($0.store) },
            peer: side(peerName, \.peer, peer) { held($0) })
        comparison.note = { [count] in
            let counts = await again.counts
            func percent(_ number: Int) -> String { (Double(number) / Double(count) * 100).text }
            return "run again: ours \(percent(counts.ours)) %, the peer \(percent(counts.peer)) %"
        }
        return comparison
    }
}

/// The numbers of retries in the last round.
private actor Retries {
    struct Counts {
        var ours = 0
        var peer = 0
    }

    private(set) var counts = Counts()

    func set(_ side: any WritableKeyPath<Counts, Int> & Sendable, _ count: Int) { counts[keyPath: side] = count }
}
