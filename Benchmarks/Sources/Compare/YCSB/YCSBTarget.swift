import Foundation
import KVDS

/// A store that YCSB can run on. Records and values are numbers; each store prepares its own keys and values for them.
protocol YCSBTarget: Sendable {
    /// - Returns: the length of the record's value, or nil if there is none.
    func read(_ record: Int) async throws -> Int?
    /// Sets the record's value, whether or not it has one.
    func write(_ record: Int, value: Int) async throws
    /// - Returns: the number of entries from the record on, at most `length`.
    func scan(from record: Int, length: Int) async throws -> Int
    /// Reads the record and replaces its value atomically, retrying if another task changes it in between.
    func modify(_ record: Int, value: Int) async throws
}

/// One of our stores. Its commits are as durable as possible: on disk a commit is synced before it is acknowledged.
struct YCSBStore: YCSBTarget {
    let store: StoreHandle
    let keys: [Bytes]
    let values: [Bytes]

    func read(_ record: Int) async throws -> Int? { try await store.get(keys[record])?.count }

    func write(_ record: Int, value: Int) async throws { try await store.set(keys[record], to: values[value]) }

    func scan(from record: Int, length: Int) async throws -> Int {
        var count = 0
        for try await _ in store.entries(in: KeyRange(from: keys[record]), limit: length) { count += 1 }
        return count
    }

    func modify(_ record: Int, value: Int) async throws {
        var isDone = false
        while !isDone {
            let old = try await store.get(keys[record])
            isDone = try await store.compareAndSwap(keys[record], expected: old, new: values[value])
        }
    }
}

/// A GRDB table, whose commits are synced too.
struct YCSBTable: YCSBTarget {
    let table: GRDBTable
    let keys: [Data]
    let values: [Data]

    func read(_ record: Int) async throws -> Int? { try await table.get(keys[record])?.count }

    func write(_ record: Int, value: Int) async throws { try await table.set(keys[record], to: values[value]) }

    func scan(from record: Int, length: Int) async throws -> Int {
        try await table.count(from: keys[record], limit: length)
    }

    func modify(_ record: Int, value: Int) async throws { try await table.replace(keys[record], by: values[value]) }
}
