/// Numbers that are given out once: 1, 2, 3, … among all who share a store.
///
/// Numbers are reserved in blocks, so that one commit serves many calls. Those of one sequence object grow; those of several
/// are taken from different blocks. Numbers that were reserved and not given out when a process ends are never given out.
/// With blocks of 1 no number is left out, and a later call, wherever it is made, gets a greater one.
public actor NumberSequence {
    private let counter: Counter
    private let blockLength: Int
    private var block = 0..<0
    private var reserving: Task<Result<Range<Int>, StoreError>, Never>?

    /// - Parameters:
    ///   - key: the key at which the last number reserved lives.
    ///   - store: where it lives.
    ///   - blockLength: how many numbers a commit reserves, at least 1.
    public init(_ key: Bytes, in store: any KeyValueStore, blockLength: Int = 1) {
        counter = Counter(key, in: store)
        self.blockLength = max(1, blockLength)
    }

    /// The next number.
    ///
    /// - Throws: what ``Counter/add(_:)`` throws.
    public func next() async throws(StoreError) -> Int {
        while true {
            if let number = block.popFirst() { return number }
            // Those who come while a block is being reserved share it.
            let reserving = reserving ?? Task { await reserve() }
            self.reserving = reserving
            let result = await reserving.value
            if self.reserving == reserving {
                self.reserving = nil
                if case .success(let reserved) = result { block = reserved }
            }
            if case .failure(let error) = result { throw error }
        }
    }

    private nonisolated func reserve() async -> Result<Range<Int>, StoreError> {
        do throws(StoreError) {
            let last = try await counter.add(blockLength)
            return .success(last - blockLength + 1..<last + 1)
        } catch {
            return .failure(error)
        }
    }
}
