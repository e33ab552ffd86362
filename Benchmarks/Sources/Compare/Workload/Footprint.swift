import ArgumentParser
import Foundation
import KVDS
import Peers

/// The resident memory of a memory store or a `std::map`, relative to its rows. It is measured in a separate process,
/// because an allocator keeps memory that was freed before.
enum Footprint {
    enum Kind: String, CaseIterable, ExpressibleByArgument, Sendable {
        case store, map
    }

    enum Order: String, CaseIterable, ExpressibleByArgument, Sendable {
        case random, sequential
    }

    /// Returns the resident bytes per byte of keys and values, measured by a child process.
    static func measured(_ kind: Kind, _ order: Order, count: Int) throws -> Double {
        let child = Process()
        let output = Pipe()
        child.executableURL = URL(fileURLWithPath: Bundle.main.executablePath ?? CommandLine.arguments[0])
        child.arguments = ["footprint-child", kind.rawValue, order.rawValue, "\(count)"]
        child.standardOutput = output
        try child.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        child.waitUntilExit()
        guard child.terminationStatus == 0, let ratio = Double(text.trimmingCharacters(in: .whitespacesAndNewlines))
        else { throw ChildFailed(kind: kind, status: child.terminationStatus) }
        return ratio
    }

    struct ChildFailed: Error, CustomStringConvertible {
        let kind: Kind
        let status: Int32

        var description: String { "The process that measures the \(kind.rawValue)'s memory ended with \(status)." }
    }

    /// Fills the store or the map, and subtracts the memory that the process used before.
    static func measure(_ kind: Kind, _ order: Order, count: Int) async throws -> Double {
        let rows = OrderedRows(count: count)
        let permutation = Permutation(count: count)
        let store = MemoryStore()
        let map = peer_map_create()
        defer { peer_map_destroy(map) }
        // The first rows, which also count as payload, load code and warm up the allocator.
        var before = 0
        for start in stride(from: 0, to: count, by: 1_000) {
            let indices = start..<min(start + 1_000, count)
            let batch = rows.rows(order == .random ? indices.map { permutation[$0] } : Array(indices))
            if start == 0 { before = Int(peer_resident_bytes()) }
            switch kind {
            case .store: try await Writing.set(batch, in: store)
            case .map: peer_map_set(map, batch.packed.rows)
            }
        }
        return Double(Int(peer_resident_bytes()) - before) / Double(rows.payload)
    }
}

/// The child process that measures. It is not meant to be called by hand.
struct FootprintChild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "footprint-child")

    @Argument var kind: Footprint.Kind
    @Argument var order: Footprint.Order
    @Argument var count: Int

    func run() async throws { print(try await Footprint.measure(kind, order, count: count)) }
}
