extension SortedRun {
    /// A part of a run to be: some entries of an older one, or a new one.
    enum Piece {
        case slots(SortedRun, Range<Int>)
        case entry(key: Bytes, value: Bytes)

        var count: Int {
            switch self {
            case .slots(_, let range): range.count
            case .entry: 1
            }
        }

        var packedLength: Int {
            switch self {
            case .slots(let run, let range): run.packedLength(of: range)
            case .entry(let key, let value):
                key.count + (value.count > SortedRun.largeValue ? SortedRun.largeReference : value.count)
            }
        }
    }

    /// How many packed bytes the entries in `range` take; they lie side by side.
    func packedLength(of range: Range<Int>) -> Int {
        guard let last = range.last else { return 0 }
        return unsafe Int(slots[last].offset) + slots[last].packedLength - Int(slots[range.lowerBound].offset)
    }

    /// A run of the entries of `pieces`, which are in key order.
    static func assemble(_ pieces: [Piece]) -> SortedRun {
        let count = pieces.reduce(0) { $0 + $1.count }
        let byteCount = pieces.reduce(0) { $0 + $1.packedLength }
        let length = count * (MemoryLayout<UInt64>.stride + MemoryLayout<Slot>.stride) + byteCount
        let buffer = SortedRun.create(minimumCapacity: (length + 7) / 8) { _ in
            Header(count: count, byteCount: byteCount, large: [])
        }
        // `create` returns an instance of the class it is called on.
        let run = unsafe unsafeDowncast(buffer, to: SortedRun.self)
        var writer = Writer(run: run)
        for piece in pieces {
            switch piece {
            case .slots(let source, let range): writer.append(range, of: source)
            case .entry(let key, let value): writer.append(key, value)
            }
        }
        return run
    }

    /// Writes a new run from left to right.
    private struct Writer {
        let run: SortedRun
        var index = 0
        var offset = 0

        init(run: SortedRun) { self.run = run }

        mutating func append(_ key: Bytes, _ value: Bytes) {
            let isLarge = value.count > SortedRun.largeValue
            let slot = Slot(
                offset: UInt32(offset), valueLength: UInt32(value.count), keyLength: UInt16(key.count), isLarge: isLarge
            )
            unsafe (run.slots + index).initialize(to: slot)
            unsafe (run.prefixes + index).initialize(to: key.withUnsafeBytes { unsafe SortedRun.prefix(of: $0) })
            unsafe key.withUnsafeBytes { unsafe copy($0, to: offset) }
            if isLarge {
                // A slice of a scan page would keep the whole page.
                adoptLarge(value.trimmed(), at: offset + key.count)
            } else {
                unsafe value.withUnsafeBytes { unsafe copy($0, to: offset + key.count) }
            }
            offset += slot.packedLength
            index += 1
        }

        mutating func append(_ range: Range<Int>, of source: SortedRun) {
            if range.isEmpty { return }
            let length = source.packedLength(of: range)
            let first = unsafe Int(source.slots[range.lowerBound].offset)
            unsafe (run.prefixes + index).update(from: source.prefixes + range.lowerBound, count: range.count)
            unsafe copy(UnsafeRawBufferPointer(start: source.packed + first, count: length), to: offset)
            for old in range {
                var slot = unsafe source.slots[old]
                slot.offset = UInt32(Int(slot.offset) - first + offset)
                unsafe (run.slots + index).initialize(to: slot)
                if slot.isLarge {
                    let reference = Int(slot.offset) + Int(slot.keyLength)
                    let large = unsafe (run.packed + reference).loadUnaligned(as: UInt32.self)
                    adoptLarge(source.header.large[Int(large)], at: reference)
                }
                index += 1
            }
            offset += length
        }

        private func adoptLarge(_ value: Bytes, at reference: Int) {
            unsafe (run.packed + reference).storeBytes(of: UInt32(run.header.large.count), as: UInt32.self)
            run.header.large.append(value)
        }

        private func copy(_ bytes: UnsafeRawBufferPointer, to offset: Int) {
            if let base = bytes.baseAddress {
                unsafe (run.packed + offset).copyMemory(from: base, byteCount: bytes.count)
            }
        }
    }
}
