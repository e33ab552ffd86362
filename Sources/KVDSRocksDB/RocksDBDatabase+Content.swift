import CRocksDB
import KVDS

extension RocksDBDatabase {
    /// - Throws: `.foreignFormat` when the directory contains something other than a store or a partly created store.
    static func checkContent(of directory: StoreDirectory, _ options: RocksDBOptions) throws(StoreError) {
        guard try directory.names().contains("CURRENT") else {
            // Files of a process that died while it created a store are harmless.
            if try directory.names().allSatisfy(isOwn) { return }
            throw StoreError(
                .foreignFormat, "The directory contains other files and no RocksDB store; choose another one.",
                store: directory.path)
        }
        var count = 0
        var list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        // After an error, too, there is a list to free: an empty one.
        defer { if let list = unsafe list { unsafe rocksdb_list_column_families_destroy(list, count) } }
        try unsafe calling({ StoreError.rocksDB($0, directory.path) }) { error in
            unsafe list = rocksdb_list_column_families(options.pointer, directory.path, &count, error)
        }
        guard let names = unsafe list else { return }
        let families = (0..<count).compactMap { index in unsafe names[index].map { unsafe String(cString: $0) } }
        if families.contains("kvds") { return }
        // If the process died between creating the store and its second family, the store has no content yet.
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
