/// Whether transactions over lists could have run one after the other, in an order that time allows.
///
/// The idea is Elle's (Kingsbury and Alvaro, 2020). A list tells who appended to it in which order, so that reads show the
/// dependencies of the transactions:
///
///     x was read as [1 2]    and somewhere else as [1 2 3]
///     who appended 1  ─►  who appended 2  ─►  who read [1 2]  ─►  who appended 3
///
/// Together with "ended before the other began" these are the edges of a graph. It has a circle just when no order
/// explains the reads. What cannot come of any order is found before: a read of what was given up, of the middle of a
/// transaction, or that contradicts another read or its own transaction.
struct SerializabilityChecker {
    private let transactions: [ListTransaction]
    /// For each key and element, who appended it.
    private var writers: [Place: Int] = [:]
    /// For each key the longest list that was read.
    private var lists: [Int: [Int]] = [:]

    private struct Place: Hashable {
        let key: Int
        let element: Int
    }

    /// - Returns: what is wrong; nil when nothing is.
    static func violation(in transactions: [ListTransaction]) -> String? {
        var checker = SerializabilityChecker(transactions)
        return checker.findLists() ?? checker.findWrongRead() ?? checker.findCycle()
    }

    private init(_ transactions: [ListTransaction]) {
        self.transactions = transactions
        for (number, transaction) in transactions.enumerated() {
            for case .append(let key, let element) in transaction.steps {
                writers[Place(key: key, element: element)] = number
            }
        }
    }

    /// Finds the order of each key's elements.
    private mutating func findLists() -> String? {
        for transaction in transactions where transaction.isCommitted {
            for case .read(let key, let list) in transaction.steps where list.count > lists[key, default: []].count {
                lists[key] = list
            }
        }
        for transaction in transactions where transaction.isCommitted {
            for case .read(let key, let list) in transaction.steps where !lists[key, default: []].starts(with: list) {
                return "list \(key) was read as \(list) and as \(lists[key, default: []])"
            }
        }
        for (key, list) in lists where Set(list).count < list.count {
            return "list \(key) has an element twice: \(list)"
        }
        return nil
    }

    private func findWrongRead() -> String? {
        for (number, transaction) in transactions.enumerated() where transaction.isCommitted {
            var own: [Int: [Int]] = [:]
            var known: [Int: [Int]] = [:]
            for step in transaction.steps {
                switch step {
                case .append(let key, let element):
                    own[key, default: []].append(element)
                    known[key]?.append(element)
                case .read(let key, let list):
                    if let known = known[key], known != list {
                        return "\(transaction) read list \(key) as \(list) where it must be \(known)"
                    }
                    if !list.reversed().starts(with: own[key, default: []].reversed()) {
                        return "\(transaction) does not see its own appends"
                    }
                    known[key] = list
                    let others = list.dropLast(own[key, default: []].count)
                    if let wrong = wrongElement(in: others, of: key, readBy: number) {
                        return "\(transaction): \(wrong)"
                    }
                }
            }
        }
        return nil
    }

    private func wrongElement(in list: ArraySlice<Int>, of key: Int, readBy reader: Int) -> String? {
        for element in list {
            guard let writer = writers[Place(key: key, element: element)] else {
                return "nobody appended \(element) to list \(key)"
            }
            if !transactions[writer].isCommitted { return "\(element) of list \(key) was given up" }
            if writer == reader { return "\(element) of list \(key) is its own, but not appended yet" }
        }
        guard let last = list.last, let writer = writers[Place(key: key, element: last)] else { return nil }
        let appended = transactions[writer].steps.compactMap { step -> Int? in
            if case .append(key, let element) = step { element } else { nil }
        }
        return appended.last == last ? nil : "it saw list \(key) in the middle of \(transactions[writer])"
    }

    private func findCycle() -> String? {
        // A node for each transaction, and one for each moment at which one ended.
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

    /// An append that no read shows came after all reads of its list, if it was not lost.
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

    /// Ends are in a row; who ended comes before the moment of its end, and the last moment before a begin before that.
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

extension ListTransaction: CustomStringConvertible {
    var description: String {
        let steps = steps.map { step in
            switch step {
            case .append(let key, let element): "append \(element) to \(key)"
            case .read(let key, let list): "read \(key) as […\(list.suffix(3).map(String.init).joined(separator: " "))]"
            }
        }
        return "transaction \(begin)–\(end) (\(steps.joined(separator: ", ")))"
    }
}
