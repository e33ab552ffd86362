/// Checks whether transactions over lists could have run one after the other, in an order that respects real time.
///
/// The idea is Elle's (Kingsbury and Alvaro, 2020). A list shows the order of its appends, so reads reveal the
/// dependencies between transactions:
///
///     x was read as [1 2]    and elsewhere as [1 2 3]
///     appended 1  ─►  appended 2  ─►  read [1 2]  ─►  appended 3
///
/// Together with "ended before the other began" these dependencies are the edges of a graph. The graph has a cycle
/// exactly if no order explains the reads. Reads that no order allows are found earlier: a read of a rolled-back
/// append, a read in the middle of a transaction, and a read that contradicts another read or its own transaction.
struct SerializabilityChecker {
    let transactions: [ListTransaction]
    /// For each key and element, the transaction that appended it.
    private(set) var writers: [Place: Int] = [:]
    /// For each key, the longest list that was read.
    private(set) var lists: [Int: [Int]] = [:]

    struct Place: Hashable {
        let key: Int
        let element: Int
    }

    /// - Returns: a description of the violation, or nil if there is none.
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
    ///
    /// - Returns: a description of a violation, or nil.
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
                return "no transaction appended \(element) to list \(key)"
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
