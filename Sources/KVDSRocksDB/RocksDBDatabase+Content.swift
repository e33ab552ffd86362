import CRocksDB
import KVDS

extension RocksDBDatabase {
    /// - Throws: `.foreignFormat` when something else than a store, or the beginning of one, is in the directory.
    static func checkContent(of directory: StoreDirectory, _ options: RocksDBOptions) throws(StoreError) {
        guard try directory.names().contains("CURRENT") else {
            // What a process leaves that died while it made a store does no harm.
            if try directory.names().allSatisfy(isOwn) { return }
            throw StoreError(
                .foreignFormat, "The directory has other files in it and no RocksDB store; choose another one.",
                store: directory.path)
        }
        var count = 0
        var list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        // There is one to free after an error too, an empty one.
        defer { if let list = unsafe list { unsafe rocksdb_list_column_families_destroy(list, count) } }
        try unsafe calling({ .rocksDB($0, directory.path) }) { error in
            unsafe list = rocksdb_list_column_families(options.pointer, directory.path, &count, error)
        }
        guard let names = unsafe list else { return }
        let families = (0..<count).compactMap { index in unsafe names[index].map { unsafe String(cString: $0) } }
        if families.contains("kvds") { return }
        // A store that was cut off between its creation and its second family has nothing in it yet.
        if families == ["default"],
            try !directory.files().contains(where: { $0.name.hasSuffix(".sst") || isFilledLog($0) })
        {
            return
        }
        throw StoreError(
            .foreignFormat, "The RocksDB database was not written by this package; choose another directory.",
            store: directory.path)
    }

    private static func isFilledLog(_ file: EngineStatistics.File) -> Bool {
        file.name.hasSuffix(".log") && file.byteCount > 0
    }

    private static func isOwn(_ name: String) -> Bool {
        ["LOCK", "IDENTITY"].contains(name) || name.hasPrefix("LOG") || name.hasPrefix("MANIFEST-")
            || name.hasPrefix("OPTIONS-") || name.hasSuffix(".dbtmp") || name.hasSuffix(".log")
    }
}
