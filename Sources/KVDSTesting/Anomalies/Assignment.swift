import KVDS

extension Interleaving {
    /// The value that a step of a script sets: `set x=x+y-2`, or `set x=x-11 if x+y<10`.
    ///
    /// A sum has terms: numbers, keys that the transaction has read, and `count(RANGE)`, the number of entries of a
    /// range that it has scanned. A key without a value counts as 0.
    struct Assignment: Sendable {
        private let sum: [Term]
        private let condition: Condition?

        /// Returns the value; nil if the condition does not hold, so that the key is not set.
        func value(_ sights: [ReadResult]) -> Bytes? {
            if let condition, !condition.holds(sights) { return nil }
            return Bytes(String(sum.value(sights)))
        }

        init?(_ text: String) {
            let parts = text.split(separator: " if ").map(String.init)
            guard 1...2 ~= parts.count, let sum = [Term](sum: parts[0]) else { return nil }
            self.sum = sum
            condition = parts.count == 2 ? Condition(parts[1]) : nil
            if parts.count == 2, condition == nil { return nil }
        }
    }

    fileprivate struct Term: Sendable {
        enum Operand: Sendable {
            case number(Int)
            case key(Bytes)
            case count(String)
        }

        let operand: Operand
        let isNegative: Bool

        func value(_ sights: [ReadResult]) -> Int {
            let value =
                switch operand {
                case .number(let number): number
                case .key(let key): sights.compactMap { $0.number(of: key) }.last ?? 0
                case .count(let range): sights.compactMap { $0.count(of: range) }.last ?? 0
                }
            return isNegative ? -value : value
        }
    }

    fileprivate struct Condition: Sendable {
        let left: [Term]
        let right: [Term]
        let isLess: Bool

        init?(_ text: String) {
            isLess = !text.contains(">=")
            let sides = text.split(separator: isLess ? "<" : ">=").map(String.init)
            guard sides.count == 2, let left = [Term](sum: sides[0]), let right = [Term](sum: sides[1])
            else { return nil }
            (self.left, self.right) = (left, right)
        }

        func holds(_ sights: [ReadResult]) -> Bool { (left.value(sights) < right.value(sights)) == isLess }
    }
}

extension Interleaving.ReadResult {
    /// The number that was read at `key`, or 0 if there was none; nil if this is no read of `key`.
    fileprivate func number(of key: Bytes) -> Int? {
        guard case .value(key, let value) = self else { return nil }
        return value.flatMap { Int(String($0)) } ?? 0
    }

    /// The number of entries in the scanned range; nil if this is no scan of `range`.
    fileprivate func count(of range: String) -> Int? {
        guard case .entries(range, let entries) = self else { return nil }
        return entries.count
    }
}

extension [Interleaving.Term] {
    fileprivate func value(_ sights: [Interleaving.ReadResult]) -> Int { reduce(0) { $0 + $1.value(sights) } }

    /// Parses a sum such as `x+y-2`.
    fileprivate init?(sum text: String) {
        self = []
        var rest = text[...]
        while !rest.isEmpty {
            let isNegative = rest.first == "-"
            if isNegative || (rest.first == "+" && !isEmpty) { rest.removeFirst() }
            let word = String(rest.prefix { $0 != "+" && $0 != "-" })
            rest = rest.dropFirst(word.count)
            if let number = Int(word) {
                append(Interleaving.Term(operand: .number(number), isNegative: isNegative))
            } else if word.hasPrefix("count("), word.hasSuffix(")") {
                let range = String(word.dropFirst(6).dropLast())
                append(Interleaving.Term(operand: .count(range), isNegative: isNegative))
            } else if !word.isEmpty, word.allSatisfy({ $0.isLetter || $0.isNumber }) {
                append(Interleaving.Term(operand: .key(Bytes(word)), isNegative: isNegative))
            } else {
                return nil
            }
        }
        if isEmpty { return nil }
    }
}
