import KVDS

/// A read or a write of a script: `get k`, `scan a..e reverse limit 2`, `set k=1` and so on.
enum ScriptCall: Sendable {
    case get(Bytes)
    case getForUpdate(Bytes)
    case exists(Bytes)
    case scan(KeyRange, ScanOrder, limit: Int?)
    /// A scan that ends after a number of entries, although its range may contain more.
    case abandonedScan(KeyRange, ScanOrder, count: Int)
    case set(Bytes, Bytes)
    case delete(Bytes)
    case deleteRange(KeyRange)

    init?(_ text: String) {
        let words = text.split(separator: " ").map(String.init)
        guard words.count >= 2 else { return nil }
        let (name, argument) = (words[0], words[1])
        switch (name, Array(words[2...])) {
        case ("get", []): self = .get(Bytes(argument))
        case ("get", ["for", "update"]): self = .getForUpdate(Bytes(argument))
        case ("exists", []): self = .exists(Bytes(argument))
        case ("set", []):
            let sides = argument.split(separator: "=").map(String.init)
            guard sides.count == 2 else { return nil }
            self = .set(Bytes(sides[0]), Bytes(sides[1]))
        case ("delete", []) where argument.hasSuffix("*") || argument.contains(".."):
            self = .deleteRange(KeyRange(script: argument))
        case ("delete", []): self = .delete(Bytes(argument))
        case ("scan", var options):
            let isReverse = options.first == "reverse"
            if isReverse { options.removeFirst() }
            let range = KeyRange(script: argument)
            let order = isReverse ? ScanOrder.reverse : .forward
            switch (options.first, options.count == 2 ? Int(options[1]) : nil) {
            case (nil, nil): self = .scan(range, order, limit: nil)
            case ("limit", let limit?): self = .scan(range, order, limit: limit)
            case ("take", let count?): self = .abandonedScan(range, order, count: count)
            default: return nil
            }
        default: return nil
        }
    }

    var isWrite: Bool {
        switch self {
        case .get, .getForUpdate, .exists, .scan, .abandonedScan: false
        case .set, .delete, .deleteRange: true
        }
    }

    /// Makes the call in a transaction, and returns its result as the output of a script.
    func make(in transaction: LockingTransaction) async throws(StoreError) -> String {
        switch self {
        case .getForUpdate(let key): return " = \(try await transaction.getForUpdate(key).script)"
        case .set(let key, let value): try await transaction.set(key, to: value)
        case .delete(let key): try await transaction.delete(key)
        case .deleteRange(let range): try await transaction.delete(in: range)
        case .get, .exists, .scan, .abandonedScan: return try await read(transaction)
        }
        return ""
    }

    /// Makes the call in an optimistic transaction.
    func make(in transaction: Transaction) async throws(StoreError) -> String {
        switch self {
        case .set(let key, let value): transaction.set(key, to: value)
        case .delete(let key): transaction.delete(key)
        case .deleteRange(let range): transaction.delete(in: range)
        case .get, .getForUpdate, .exists, .scan, .abandonedScan: return try await read(transaction)
        }
        return ""
    }

    /// Makes the call without a transaction.
    func make(on store: any KeyValueStore) async throws(StoreError) -> String {
        switch self {
        case .set(let key, let value): try await store.set(key, to: value)
        case .delete(let key): try await store.delete(key)
        case .deleteRange(let range): try await store.write { $0.delete(in: range) }
        case .get, .getForUpdate, .exists, .scan, .abandonedScan: return try await read(store)
        }
        return ""
    }

    private func read(_ reader: any StoreReader) async throws(StoreError) -> String {
        switch self {
        case .get(let key), .getForUpdate(let key): " = \(try await reader.get(key).script)"
        case .exists(let key): try await reader.exists(key) ? " = yes" : " = no"
        case .scan(let range, let order, let limit):
            " = \(try await reader.list(range, order: order, limit: limit).script)"
        case .abandonedScan(let range, let order, let count):
            " = \(try await reader.first(count, of: range, order).script)"
        case .set, .delete, .deleteRange: ""
        }
    }
}

extension StoreReader {
    /// Takes the first entries of a scan and abandons the scan; takes none without beginning it.
    fileprivate func first(_ count: Int, of range: KeyRange, _ order: ScanOrder) async throws(StoreError) -> [Entry] {
        let scan = entries(in: range, order: order, limit: nil)
        var taken: [Entry] = []
        if count == 0 { return [] }
        for try await entry in scan {
            taken.append(entry)
            if taken.count == count { break }
        }
        return taken
    }
}

extension Bytes? {
    /// The value as scripts write it.
    fileprivate var script: String { map { "\($0)" } ?? "nothing" }
}
