import KVDS

/// Random keys, values, ranges and batches. They often collide, and some are unusual.
struct RandomInput {
    var random: SplitMix64
    let limits: StoreLimits

    private static let alphabet: [UInt8] = [0x61, 0x62, 0x00, 0xFF, 0x01]

    /// Returns mostly up to four bytes of a small alphabet, sometimes a long key or random bytes.
    mutating func key() -> Bytes {
        if random.oneIn(20) { return bytes(count: 1 + random.below(40)) }
        if random.oneIn(40) {
            return Bytes(repeating: 0x61, count: min(limits.maximumKeyLength, 511) - random.below(2))
        }
        return Bytes((0...random.below(4)).map { _ in Self.alphabet[random.below(Self.alphabet.count)] })
    }

    /// Returns mostly a short value, sometimes one of up to 4 kB, rarely one of up to 100 kB.
    mutating func value() -> Bytes {
        let bound = random.oneIn(100) ? 100_000 : random.oneIn(10) ? 4_000 : 24
        return bytes(count: min(random.below(bound), limits.maximumValueLength))
    }

    /// Returns any bounds, including empty and inverted ranges.
    mutating func range() -> KeyRange {
        switch random.below(8) {
        case 0: .all
        case 1: KeyRange(from: key())
        case 2: KeyRange(to: key())
        case 3: .prefix(key())
        case 4: .key(key())
        default: KeyRange(from: key(), to: key())
        }
    }

    /// Returns a batch of conditions, most of which hold, and up to nine mutations.
    mutating func batch(over model: OrderedModel) -> WriteBatch {
        var batch = WriteBatch(durability: random.oneIn(20) ? .durable : .buffered)
        for _ in 0..<random.below(4) { batch.require(condition(over: model)) }
        for _ in 0..<random.below(10) {
            if random.oneIn(12) {
                batch.delete(in: range())
            } else if random.oneIn(3) {
                batch.delete(key())
            } else {
                batch.set(key(), to: value())
            }
        }
        return batch
    }

    private mutating func condition(over model: OrderedModel) -> WriteBatch.Condition {
        let key = key()
        let isWrong = random.oneIn(8)
        if random.oneIn(4) {
            let range = range()
            var entries = model.entries(in: range)
            if isWrong { entries.append(Entry(key: key, value: Bytes())) }
            return .unchanged(range, entries)
        }
        guard let value = model[key] else { return isWrong ? .present(key) : .absent(key) }
        if isWrong { return random.oneIn(2) ? .absent(key) : .equals(key, self.value()) }
        return random.oneIn(2) ? .present(key) : .equals(key, value)
    }

    private mutating func bytes(count: Int) -> Bytes {
        Bytes(
            (0..<(count + 7) / 8).flatMap { _ in
                let word = random.next()
                return (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
            }.prefix(count))
    }
}
