import KVDS

/// A transaction of either kind over lists of numbers.
protocol ListEditing: StoreReader {
    func put(_ value: Bytes, at key: Bytes) async throws(StoreError)
}

extension ListEditing {
    /// Reads a list: one with an even number by its key, one with an odd number by a scan.
    func readList(_ key: Int) async throws(StoreError) -> [Int] {
        let name = Bytes("list:\(key)")
        let value = key % 2 == 0 ? try await get(name) : try await list(.key(name)).first?.value
        return value?.listElements ?? []
    }

    func write(_ list: [Int], _ key: Int) async throws(StoreError) {
        try await put(Bytes(list.map(String.init).joined(separator: " ")), at: Bytes("list:\(key)"))
    }
}
