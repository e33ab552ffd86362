import KVDS

extension StoreConformance.Check {
    /// A check whose name is that of a script, and that runs the script on the store.
    ///
    /// - Parameter rest: what the script cannot express, on the same store.
    init(
        _ script: EmbeddedScript,
        and rest: @escaping @Sendable (CheckContext, any KeyValueStore) async throws -> Void = { _, _ in }
    ) {
        self.init(script.name) { context, store in
            let text = try script.script()
            let observed = try await TransactionScript(text, store).run()
            if let difference = text.difference(from: observed) { throw Difference(difference) }
            try await rest(context, store)
        }
    }
}

extension EmbeddedScript {
    static let clientScript = EmbeddedScript(
        "a client script of numbered transactions gets the expected answer to every line",
        PackageResources.client_script_txt)
    static let deletedKey = EmbeddedScript(
        "a key deleted in a transaction is gone for it, and for others only after its commit",
        PackageResources.deleted_key_txt)
    static let disconnectedClient = EmbeddedScript(
        "a disconnected client's transactions are rolled back, and waiting transactions continue",
        PackageResources.disconnected_client_txt)
    static let doesNotRunAgain = EmbeddedScript(
        "a transaction does not run again for a change to something it has not read",
        PackageResources.does_not_run_again_txt)
    static let endedNumbers = EmbeddedScript(
        "the number of an ended transaction throws .transactionEnded and is never reused",
        PackageResources.ended_numbers_txt)
    static let endedWhileWaiting = EmbeddedScript(
        "a transaction that ends makes its waiting calls throw .transactionEnded",
        PackageResources.ended_while_waiting_txt)
    static let limitedScan = EmbeddedScript(
        "a scan with a limit locks up to its last entry and nothing behind it, in either order",
        PackageResources.limited_scan_txt)
    static let limitedScanAfterWaiting = EmbeddedScript(
        "a scan with a limit that waited for a lock locks as far as its final entries reach",
        PackageResources.limited_scan_after_waiting_txt)
    static let onlyReaderUpgrades = EmbeddedScript(
        "the only reader of a key upgrades to a write lock although a writer waits",
        PackageResources.only_reader_upgrades_txt)
    static let outsideWriter = EmbeddedScript(
        "a locking transaction commits nothing if a writer without locks changed something it read",
        PackageResources.outside_writer_txt)
    static let readersAndWriter = EmbeddedScript(
        "readers share a key; a writer waits for them, and later readers wait for the writer",
        PackageResources.readers_and_writer_txt)
    static let repeatedReads = EmbeddedScript(
        "a locking transaction repeats its reads despite outside writes, and then does not commit",
        PackageResources.repeated_reads_txt)
    static let rollbackKeepsOthers = EmbeddedScript(
        "a rollback keeps the commits of other transactions", PackageResources.rollback_keeps_others_txt)
    static let scannedRange = EmbeddedScript(
        "a scanned range gets no new keys until its transaction ends; a limit locks only its part",
        PackageResources.scanned_range_txt)
    static let runsAgain = EmbeddedScript(
        "a transaction runs again after a change to a value, absence, presence or range it read",
        PackageResources.runs_again_txt)
    static let secondWriter = EmbeddedScript(
        "the second writer of a key waits for the first, and neither write is lost",
        PackageResources.second_writer_txt)

    /// The scripts of transactions.
    static let transactions = [
        clientScript, deletedKey, disconnectedClient, doesNotRunAgain,
        endedNumbers, endedWhileWaiting, limitedScan, limitedScanAfterWaiting,
        onlyReaderUpgrades, outsideWriter, readersAndWriter, repeatedReads,
        rollbackKeepsOthers, scannedRange, runsAgain, secondWriter,
    ]
}
