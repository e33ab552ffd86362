/// The graph of which transaction must have come before which.
extension SerializabilityChecker {
    /// - Returns: a description of a cycle of transactions, each of which must have come before the next, or nil if
    ///   there is none.
    func findCycle() -> String? {
        // A node for each transaction, and one for the time at which it ended.
        let count = transactions.count
        var graph = DependencyGraph(count: 2 * count)
        for (key, list) in lists {
            let order = list.compactMap { writers[Place(key: key, element: $0)] }
            for (first, second) in zip(order, order.dropFirst()) {
                graph.add(first, before: second, "appended to list \(key) before")
            }
        }
        for (number, transaction) in transactions.enumerated() where transaction.isCommitted {
            for case .read(let key, let list) in transaction.steps {
                if let last = list.last, let writer = writers[Place(key: key, element: last)] {
                    graph.add(writer, before: number, "appended to list \(key) what was read by")
                }
                let all = lists[key, default: []]
                if list.count < all.count, let writer = writers[Place(key: key, element: all[list.count])] {
                    graph.add(number, before: writer, "read list \(key) before it was appended to by")
                }
            }
        }
        addUnseen(to: &graph)
        addTime(to: &graph)
        guard let cycle = graph.cycle() else { return nil }
        return cycle.filter { $0.node < count }
            .map { "\(transactions[$0.node]) \($0.reason.isEmpty ? "ended before" : $0.reason)" }
            .joined(separator: "\n  ") + " the first"
    }

    /// Adds appends that no read has seen: unless lost, they came after all reads of their list.
    private func addUnseen(to graph: inout DependencyGraph) {
        var readers: [Int: [Int]] = [:]
        for (number, transaction) in transactions.enumerated() where transaction.isCommitted {
            for case .read(let key, let list) in transaction.steps where list == lists[key, default: []] {
                readers[key, default: []].append(number)
            }
        }
        let seen = lists.mapValues(Set.init)
        for (number, transaction) in transactions.enumerated() where transaction.isCommitted {
            for case .append(let key, let element) in transaction.steps where seen[key]?.contains(element) != true {
                for reader in readers[key, default: []] {
                    graph.add(reader, before: number, "read list \(key) before it was appended to by")
                }
            }
        }
    }

    /// Adds real time: ends are in order, a transaction comes before its end, and the last end before a beginning comes
    /// before that transaction.
    private func addTime(to graph: inout DependencyGraph) {
        let count = transactions.count
        let committed = transactions.indices.filter { transactions[$0].isCommitted }
        let byEnd = committed.sorted { transactions[$0].end < transactions[$1].end }
        let byBegin = committed.sorted { transactions[$0].begin < transactions[$1].begin }
        for (first, second) in zip(byEnd, byEnd.dropFirst()) { graph.add(count + first, before: count + second, "") }
        for number in committed { graph.add(number, before: count + number, "") }
        var ended = 0
        for number in byBegin {
            while ended < byEnd.count, transactions[byEnd[ended]].end < transactions[number].begin { ended += 1 }
            if ended > 0 { graph.add(count + byEnd[ended - 1], before: number, "") }
        }
    }
}
