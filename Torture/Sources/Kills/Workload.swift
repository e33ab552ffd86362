#if Command
import KVDS
import KVDSTesting

/// The operations of tasks on a store. Each is derived from the seed, the task and its own number, so a checker can
/// compute it.
///
/// Each task has its own keys, `t:03:…`: slots, and three witnesses that hold the number of the last operation of their
/// kind. Accounts and counters are shared by all tasks.
struct Workload: Sendable {
    static let slots = 24
    static let accounts = 20
    static let counters = 4
    static let balance = 1_000

    let seed: UInt64
    /// Whether some values are so large that files grow constantly.
    let growsFiles: Bool

    enum Operation: Equatable {
        /// Sets one key.
        case set
        /// Swaps the value of one key.
        case swap
        case batch(sets: [Int], deletes: [Int])
        /// Deletes a range of slots, and sets one of them again.
        case clear(Range<Int>, set: Int)
        /// Moves money in an optimistic transaction that also sets a slot.
        case transfer(from: Int, to: Int, amount: Int, slot: Int)
        /// Adds one to a shared counter, and to the task's own tally for it.
        case count(Int)
    }

    func operation(_ task: Int, _ number: Int) -> Operation {
        var random = generator(task, number, 0)
        let slot = random.below(Self.slots)
        switch random.below(100) {
        case ..<30: return .set
        case ..<45: return .swap
        case ..<70:
            let sets = (0...random.below(6)).map { (slot + 5 * $0) % Self.slots }
            let deletes = (0..<random.below(3)).map { (slot + 5 * $0 + 1) % Self.slots }
            return .batch(sets: sets, deletes: deletes)
        case ..<75:
            let low = random.below(Self.slots)
            return .clear(low..<min(Self.slots, low + 1 + random.below(12)), set: low)
        case ..<90:
            let from = random.below(Self.accounts)
            let to = (from + 1 + random.below(Self.accounts - 1)) % Self.accounts
            return .transfer(from: from, to: to, amount: 1 + random.below(Self.balance), slot: slot)
        default: return .count(random.below(Self.counters))
        }
    }

    /// Returns the value that operation `number` writes to the slot or witness at `place`.
    func value(_ task: Int, _ number: Int, place: Int) -> Bytes {
        var random = generator(task, number, place + 1)
        let length =
            switch random.below(200) {
            case ..<170: random.below(120)
            case ..<197: 200 + random.below(3_000)
            default: growsFiles ? 20_000 + random.below(80_000) : 3_000 + random.below(5_000)
            }
        let fill = UInt8(truncatingIfNeeded: random.next())
        return Bytes(Array("\(number) ".utf8) + Array(repeating: fill, count: length))
    }

    /// Returns the number in a value made by ``value(_:_:place:)``.
    static func number(of value: Bytes) -> Int? {
        String(decoding: value.prefix(20), as: UTF8.self).split(separator: " ", maxSplits: 1).first.flatMap { Int($0) }
    }

    private func generator(_ task: Int, _ number: Int, _ place: Int) -> SplitMix64 {
        var mix = SplitMix64(seed: seed ^ UInt64(task) << 48 ^ UInt64(place) << 40 ^ UInt64(number))
        return SplitMix64(seed: mix.next())
    }
}

/// The keys of a ``Workload``.
extension Workload {
    static func prefix(_ task: Int) -> String { "t:\(two(task)):" }
    static func slot(_ task: Int, _ slot: Int) -> Bytes { Bytes("\(prefix(task))slot:\(two(slot))") }
    static func tally(_ task: Int, _ counter: Int) -> Bytes { Bytes("\(prefix(task))tally:\(counter)") }
    static func witness(_ task: Int, _ witness: Witness) -> Bytes { Bytes("\(prefix(task))\(witness.rawValue)") }
    static func account(_ number: Int) -> Bytes { Bytes("account:\(two(number))") }
    static func counter(_ number: Int) -> Bytes { Bytes("counter:\(number)") }

    /// A key that holds the number of the last operation of its kind.
    enum Witness: String, CaseIterable {
        case receipt
        case single
        case swap

        /// The witness's place, after those of the slots.
        var place: Int { Workload.slots + (Witness.allCases.firstIndex(of: self) ?? 0) }
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
#endif
