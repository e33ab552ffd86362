/// A sequence of unique numbers: 1, 2, 3, … Each is returned only once among all users of a store.
///
/// Numbers are reserved in blocks, so that one commit serves many calls. The numbers of one sequence object grow;
/// different objects take theirs from different blocks. Numbers that are reserved but not returned when a process ends
/// are never returned. With blocks of 1 no number is skipped, and a later call gets a greater number, in any process.
public actor NumberSequence {
    private typealias Caller = CheckedContinuation<Result<Int, StoreError>, Never>

    private let counter: Counter
    private let blockLength: Int
    /// The rest of the last block: its next number, and how many numbers are left.
    private var next = 0
    private var left = 0
    /// The callers that wait for a number, in order. While there are any, a task reserves numbers.
    private var callers: ArraySlice<Caller> = []

    /// - Parameters:
    ///   - key: the key that stores the last reserved number.
    ///   - store: the store of the key.
    ///   - blockLength: how many numbers a commit reserves, at least 1; more if more calls than that wait.
    public init(_ key: Bytes, in store: any KeyValueStore, blockLength: Int = 1) {
        counter = Counter(key, in: store)
        self.blockLength = max(1, blockLength)
    }

    /// The next number.
    ///
    /// - Throws: `.cancelled` when the task was cancelled before the call. A later cancellation has no effect, because
    ///   the number is reserved together with those of other calls. `.invalidValue` when the value of the key is not a
    ///   number, and the errors of the store.
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

    /// Reserves numbers until no call waits. A call that arrives during a reservation gets none of its numbers, unless
    /// it reserved more than were waited for: they may be smaller than numbers that other calls returned before this
    /// one.
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

    /// Reserves `length` numbers.
    ///
    /// - Returns: the first of them.
    private nonisolated func reserve(_ length: Int) async -> Result<Int, StoreError> {
        do throws(StoreError) {
            return .success(try await counter.add(length) - length + 1)
        } catch {
            return .failure(error)
        }
    }
}
