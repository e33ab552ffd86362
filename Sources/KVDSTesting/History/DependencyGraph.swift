/// A graph of which transaction must have come before which. A cycle means that no order explains the history.
struct DependencyGraph {
    struct Edge {
        let target: Int
        let reason: String
    }

    private(set) var edges: [[Edge]]

    init(count: Int) { edges = Array(repeating: [], count: count) }

    mutating func add(_ source: Int, before target: Int, _ reason: String) {
        if source != target { edges[source].append(Edge(target: target, reason: reason)) }
    }

    /// Returns a short cycle, or nil if there is none. O(nodes + edges) if there is none.
    func cycle() -> [(node: Int, reason: String)]? {
        let knot = stronglyConnected().filter { $0.count > 1 }.min { $0.count < $1.count }
        guard let knot, let start = knot.first else { return nil }
        // In a strongly connected component every node lies on a cycle.
        let inside = Set(knot)
        var from: [Int: (source: Int, reason: String)] = [:]
        var queue = [start]
        var next = 0
        while next < queue.count {
            let node = queue[next]
            next += 1
            for edge in edges[node] where inside.contains(edge.target) && from[edge.target] == nil {
                from[edge.target] = (node, edge.reason)
                if edge.target == start { return path(to: start, from) }
                queue.append(edge.target)
            }
        }
        return nil
    }

    private func path(
        to end: Int, _ from: [Int: (source: Int, reason: String)]
    ) -> [(node: Int, reason: String)] {
        var path: [(node: Int, reason: String)] = []
        var node = end
        repeat {
            guard let step = from[node] else { break }
            path.append((step.source, step.reason))
            node = step.source
        } while node != end
        return path.reversed()
    }

    /// Returns the strongly connected components, by Tarjan's algorithm with an explicit stack.
    private func stronglyConnected() -> [[Int]] {
        var order = Array(repeating: -1, count: edges.count)
        var low = order
        var isOnStack = Array(repeating: false, count: edges.count)
        var stack: [Int] = []
        var parts: [[Int]] = []
        var count = 0
        for root in edges.indices where order[root] < 0 {
            var calls = [(node: root, edge: 0)]
            while let (node, edge) = calls.last {
                if edge == 0 {
                    order[node] = count
                    low[node] = count
                    count += 1
                    stack.append(node)
                    isOnStack[node] = true
                }
                if edge < edges[node].count {
                    calls[calls.count - 1].edge += 1
                    let target = edges[node][edge].target
                    if order[target] < 0 {
                        calls.append((target, 0))
                    } else if isOnStack[target] {
                        low[node] = min(low[node], order[target])
                    }
                    continue
                }
                calls.removeLast()
                if let parent = calls.last?.node { low[parent] = min(low[parent], low[node]) }
                if low[node] == order[node] {
                    var part: [Int] = []
                    while let member = stack.popLast() {
                        isOnStack[member] = false
                        part.append(member)
                        if member == node { break }
                    }
                    parts.append(part)
                }
            }
        }
        return parts
    }
}
