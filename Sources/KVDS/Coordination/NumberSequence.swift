/// Numbers that are given out once: 1, 2, 3, … among all who share a store.
///
/// Numbers are reserved in blocks, so that one commit serves many calls. Those of one sequence object grow; those of several
/// are taken from different blocks. Numbers that were reserved and not given out when a process ends are never given out.
/// With blocks of 1 no number is left out, and a later call, wherever it is made, gets a greater one.
public actor NumberSequence {
    private typealias Caller = CheckedContinuation<Result<Int, StoreError>, Never>

    private let counter: Counter
    private let blockLength: Int
    /// What is left of the last block: its next number, and how many there are.
    private var next = 0
    private var left = 0
    /// Those who wait for a number, the first first. While there are any, somebody reserves.
    private var callers: ArraySlice<Caller> = []

    /// - Parameters:
    ///   - key: the key at which the last number reserved lives.
    ///   - store: where it lives.
    ///   - blockLength: how many numbers a commit reserves, at least 1; more when more calls than that wait.
    public init(_ key: Bytes, in store: any KeyValueStore, blockLength: Int = 1) {
        counter = Counter(key, in: store)
        self.blockLength = max(1, blockLength)
    }

    /// The next number.
    ///
    /// - Throws: `.cancelled` when the task was cancelled before; from then on the call ends with its number, which is
    ///   reserved together with those of others. `.invalidValue` when the key has a value that is no number, and what the
    ///   store throws.
    public func next() async throws(StoreError) -> Int {
        if Task.isCancelled {
            throw StoreError(
                .cancelled, "The task was cancelled; no number was taken.", store: counter.storeDescription)
        }
        if callers.isEmpty, let number = take() { return number }
        return try await withCheckedContinuation { caller in
            callers.append(caller)
            if callers.count == 1 { Task { await reserve() } }
        }.get()
    }

    /// How many calls wait for a number.
    var waitingCount: Int { callers.count }

    private func take() -> Int? {
        if left == 0 { return nil }
        defer { (next, left) = (next &+ 1, left - 1) }
        return next
    }

    /// Reserves numbers until nobody waits. Who comes while some are being reserved gets none of them, unless they are
    /// more than were waited for: they may be smaller than what others have been given before that call.
    private func reserve() async {
        while !callers.isEmpty {
            let waiting = callers.count
            let length = (waiting - 1) / blockLength * blockLength + blockLength
            let result = await reserve(length)
            if case .success(let first) = result { (next, left) = (first, length) }
            for _ in 0..<(blockLength == 1 ? waiting : callers.count) {
                if case .failure(let error) = result {
                    callers.popFirst()?.resume(returning: .failure(error))
                } else if let number = take() {
                    callers.popFirst()?.resume(returning: .success(number))
                }
            }
        }
    }

    /// - Returns: the first of `length` numbers.
    private nonisolated func reserve(_ length: Int) async -> Result<Int, StoreError> {
        do throws(StoreError) {
            return .success(try await counter.add(length) - length + 1)
        } catch {
            return .failure(error)
        }
    }
}
