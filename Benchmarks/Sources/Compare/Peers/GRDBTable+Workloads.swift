import Foundation
import GRDB

/// Rows in the form that GRDB takes.
struct GRDBRows: Sendable {
    let keys: [Data]
    let values: [Data]

    init(_ rows: Dataset) {
        keys = rows.keys.map { Data($0) }
        values = rows.values.map { Data($0) }
    }
}

extension Checksum {
    mutating func add(_ value: Data) {
        value.withUnsafeBytes { add(RawSpan(_unsafeBytes: $0)) }
    }
}

extension GRDBTable {
    /// Reads each key in its own transaction.
    func getEach(_ keys: [Data]) async throws -> Checksum {
        var found = Checksum()
        for key in keys {
            if let value = try await get(key) { found.add(value) }
        }
        return found
    }

    /// Writes each row in its own transaction, from several tasks.
    func set(_ rows: GRDBRows, tasks: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<tasks {
                let share = rows.keys.count * task / tasks..<rows.keys.count * (task + 1) / tasks
                group.addTask {
                    for index in share { try await set(rows.keys[index], to: rows.values[index]) }
                }
            }
            try await group.waitForAll()
        }
    }
}
