import KVDS

/// A read or a write of a script: `get k`, `scan a..e reverse limit 2`, `set k=1` and so on.
enum ScriptCall: Sendable {
    case get(Bytes)
    case getForUpdate(Bytes)
    case exists(Bytes)
    case scan(KeyRange, ScanOrder, limit: Int?)
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
            let limit = options.count == 2 && options[0] == "limit" ? Int(options[1]) : nil
            guard options.isEmpty || limit != nil else { return nil }
            self = .scan(KeyRange(script: argument), isReverse ? .reverse : .forward, limit: limit)
        default: return nil
        }
    }

    var isWrite: Bool {
        switch self {
        case .get, .getForUpdate, .exists, .scan: false
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
        case .get, .exists, .scan: return try await read(transaction)
        }
        return ""
    }

    /// Makes the call without a transaction.
    func make(on store: any KeyValueStore) async throws(StoreError) -> String {
        switch self {
        case .set(let key, let value): try await store.set(key, to: value)
        case .delete(let key): try await store.delete(key)
        case .deleteRange(let range): try await store.write { $0.delete(in: range) }
        case .get, .getForUpdate, .exists, .scan: return try await read(store)
        }
        return ""
    }

    private func read(_ reader: any StoreReader) async throws(StoreError) -> String {
        switch self {
        case .get(let key), .getForUpdate(let key): " = \(try await reader.get(key).script)"
        case .exists(let key): try await reader.exists(key) ? " = yes" : " = no"
        case .scan(let range, let order, let limit):
            " = \(try await reader.list(range, order: order, limit: limit).script)"
        case .set, .delete, .deleteRange: ""
        }
    }
}

extension Bytes? {
    /// The value as scripts write it.
    fileprivate var script: String { map { "\($0)" } ?? "nothing" }
}
