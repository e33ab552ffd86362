@testable import KVDS

/// The rules of a lock table in their simplest form: every pair is compared, every edge is computed, nothing is cached.
struct LockModel {
    struct Item {
        let ticket: LockRequestID
        let owner: LockOwnerID
        let mode: LockMode
        let keys: Set<Int>
        var isGranted = false
        var overtakes: Set<LockRequestID> = []
    }

    typealias Graph = [LockOwnerID: Set<LockOwnerID>]

    private(set) var items: [Item] = []
    private(set) var sealed: [LockOwnerID: Bool] = [:]

    mutating func begin(_ owner: LockOwnerID) { sealed[owner] = false }

    var waiting: [Item] { items.filter { !$0.isGranted } }

    func isBlocked(_ item: Item) -> Bool { items.contains { blocks($0, item) } }

    func isCovered(_ mode: LockMode, _ keys: Set<Int>, _ owner: LockOwnerID) -> Bool {
        items.contains {
            $0.owner == owner && $0.isGranted && $0.keys.isSuperset(of: keys)
                && ($0.mode == .exclusive || mode == .shared)
        }
    }

    /// Returns which owner waits for which, including `item`.
    func graph(with item: Item? = nil) -> Graph {
        var graph: Graph = [:]
        for later in waiting + (item.map { [$0] } ?? []) {
            for earlier in items where blocks(earlier, later) { graph[later.owner, default: []].insert(earlier.owner) }
        }
        return graph
    }

    /// Returns the owners that `owner` waits for, directly or indirectly, through owners no younger than `youngest`.
    func reachable(
        from owner: LockOwnerID, in graph: Graph, upTo youngest: LockOwnerID = LockOwnerID(rawValue: .max)
    ) -> Set<LockOwnerID> {
        var found: Set<LockOwnerID> = []
        var line = [owner]
        while let at = line.popLast() {
            for next in graph[at] ?? [] where next <= youngest && found.insert(next).inserted { line.append(next) }
        }
        return found
    }

    /// Returns the request with all requests that it may overtake.
    func item(_ ticket: LockRequestID, _ mode: LockMode, _ keys: Set<Int>, _ owner: LockOwnerID) -> Item {
        let graph = graph()
        var item = Item(ticket: ticket, owner: owner, mode: mode, keys: keys)
        for other in waiting where conflict(other, item) && reachable(from: other.owner, in: graph).contains(owner) {
            item.overtakes.insert(other.ticket)
        }
        return item
    }

    mutating func add(_ item: Item) { items.append(item) }

    /// - Returns: the requests that are granted now.
    mutating func remove(where isGone: (Item) -> Bool) -> Set<LockRequestID> {
        items.removeAll(where: isGone)
        var granted: Set<LockRequestID> = []
        for index in items.indices where !items[index].isGranted && !isBlocked(items[index]) {
            granted.insert(items[index].ticket)
        }
        for index in items.indices where granted.contains(items[index].ticket) { items[index].isGranted = true }
        return granted
    }

    mutating func release(_ owner: LockOwnerID) -> Set<LockRequestID> {
        sealed[owner] = nil
        return remove { $0.owner == owner }
    }

    mutating func beginRelease(_ owner: LockOwnerID) -> Set<LockRequestID> {
        sealed[owner] = true
        return remove { $0.owner == owner && !$0.isGranted }
    }

    private func conflict(_ left: Item, _ right: Item) -> Bool {
        left.owner != right.owner && !left.keys.isDisjoint(with: right.keys)
            && (left.mode == .exclusive || right.mode == .exclusive)
    }

    private func blocks(_ first: Item, _ second: Item) -> Bool {
        guard conflict(first, second) else { return false }
        if first.isGranted { return true }
        if first.ticket < second.ticket { return !second.overtakes.contains(first.ticket) }
        return first.overtakes.contains(second.ticket)
    }
}
