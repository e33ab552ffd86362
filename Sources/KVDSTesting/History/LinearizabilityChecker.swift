/// Checks whether the operations on one register could have taken effect one by one, each at some time between its
/// beginning and its end.
///
/// This is the search of Wing and Gong, with Lowe's cache of visited states, as in Porcupine. The search takes one of
/// the possible next operations whose result fits. If none fits, it puts the last one back. A combination of register
/// state and completed operations is visited only once.
///
/// An operation with an unknown outcome has no end. The search may take it at any later time, or at the very end, where
/// no other operation observes it.
package struct LinearizabilityChecker {
    private struct Tried: Hashable {
        var done: [UInt64]
        var state: Int?
    }

    private let operations: [RegisterOperation]
    /// The events in order: event `i` is the beginning of operation `i / 2` if `i` is even, and its end if `i` is odd.
    /// They form a linked list, so that operations can be taken out and put back.
    private var next: [Int]
    private var previous: [Int]

    /// - Returns: a description of the violation, or nil if there is none.
    package static func violation(in operations: [RegisterOperation]) -> String? {
        for (key, operations) in Dictionary(grouping: operations, by: \.key).sorted(by: { $0.key < $1.key }) {
            var checker = LinearizabilityChecker(operations)
            if let stuck = checker.search() {
                let around = operations.filter { $0.end > stuck.begin && $0.begin < stuck.end }
                return "register \(key): no order explains \(stuck) among \(around)"
            }
        }
        return nil
    }

    private init(_ operations: [RegisterOperation]) {
        self.operations = operations
        let events = operations.indices.flatMap { [2 * $0, 2 * $0 + 1] }
            .sorted { LinearizabilityChecker.time($0, operations) < LinearizabilityChecker.time($1, operations) }
        // The last position comes before the first event and after the last one.
        let anchor = events.count
        next = Array(repeating: anchor, count: events.count + 1)
        previous = next
        var last = anchor
        for event in events {
            next[last] = event
            previous[event] = last
            last = event
        }
        next[last] = anchor
        previous[anchor] = last
    }

    /// - Returns: of the operations at whose end the search got stuck, the one that ended last; nil if there is an
    ///   order.
    private mutating func search() -> RegisterOperation? {
        let anchor = operations.count * 2
        var done = Array(repeating: UInt64(0), count: operations.count / 64 + 1)
        var state: Int?
        var tried: Set<Tried> = []
        var taken: [(operation: Int, state: Int?)] = []
        var stuck: RegisterOperation?
        var event = next[anchor]
        while next[anchor] != anchor {
            let operation = event / 2
            if event % 2 == 0 {
                event = next[event]
                guard let after = operations[operation].kind.apply(to: state) else { continue }
                done[operation / 64] |= 1 << (operation % 64)
                if tried.insert(Tried(done: done, state: after.value)).inserted {
                    taken.append((operation, state))
                    state = after.value
                    takeOut(operation)
                    event = next[anchor]
                } else {
                    done[operation / 64] &= ~(1 << (operation % 64))
                }
            } else {
                // This operation had to be taken before its end.
                if stuck.map({ $0.end < operations[operation].end }) ?? true { stuck = operations[operation] }
                guard let last = taken.popLast() else { return stuck }
                state = last.state
                done[last.operation / 64] &= ~(1 << (last.operation % 64))
                putBack(last.operation)
                event = next[2 * last.operation]
            }
        }
        return nil
    }

    private mutating func takeOut(_ operation: Int) {
        for event in [2 * operation, 2 * operation + 1] {
            next[previous[event]] = next[event]
            previous[next[event]] = previous[event]
        }
    }

    private mutating func putBack(_ operation: Int) {
        for event in [2 * operation + 1, 2 * operation] {
            next[previous[event]] = event
            previous[next[event]] = event
        }
    }

    private static func time(_ event: Int, _ operations: [RegisterOperation]) -> Int {
        event % 2 == 0 ? operations[event / 2].begin : operations[event / 2].end
    }
}

extension RegisterOperation.Kind {
    struct State {
        var value: Int?
    }

    /// Returns the register after the operation, or nil if the operation cannot have had its result in this state.
    func apply(to state: Int?) -> State? {
        switch self {
        case .read(let value): value == state ? State(value: state) : nil
        case .write(let value): State(value: value)
        case .delete: State(value: nil)
        case .swap(let expected, let new, true): expected == state ? State(value: new) : nil
        case .swap(let expected, _, false): expected == state ? nil : State(value: state)
        case .attempt(let expected, let new): State(value: expected == state ? new : state)
        }
    }
}
