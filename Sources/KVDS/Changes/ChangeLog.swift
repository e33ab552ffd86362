/// The newest commits of a store, for its subscribers: a pure value.
///
/// A record says which commit it follows. So a subscriber who stands at revision 5 sees by the first record behind it
/// whether something is missing:
///
///     records      (after 3) 4    (after 4) 6    (after 8) 9          last 9
///     at 3         tell 4 and 6
///     at 1         a gap from 1 to 3: 2 and 3 have been forgotten
///     at 6         a gap from 6 to 8: another process made them, or they were made while nothing was recorded
///     at 9         nothing yet
///     at 12        a gap from 12 to 9: the store is not there
struct ChangeLog {
    /// What there is for a subscriber.
    enum Answer {
        case nothing
        case gap(to: Revision)
        case records([ChangeRecord])
    }

    /// What one subscriber takes at a time, at most: it has that to itself, and the lock is held for the copy.
    static var maximumAnswerCount: Int { 1_024 }
    static var maximumAnswerWeight: Int { 1 << 20 }

    let history: ChangeRetention
    /// The last commit that is known; nil while nothing is known.
    private(set) var last: Revision?
    private var records: [ChangeRecord] = []
    /// Those before it have been forgotten.
    private var first = 0
    private var weight = 0

    init(history: ChangeRetention) { self.history = history }

    /// How many commits are remembered.
    var count: Int { records.count - first }

    /// Notes that `revision` is a commit of the store, all before which have been appended that are to be.
    ///
    /// - Returns: whether it is news.
    mutating func advance(to revision: Revision) -> Bool {
        if let last, last >= revision { return false }
        last = revision
        return true
    }

    /// Adds the newest commit.
    mutating func append(_ record: ChangeRecord) {
        records.append(record)
        weight += record.weight
        last = record.revision
        while count > 1, count > history.maximumCommits || weight > history.maximumBytes {
            weight -= records[first].weight
            // Its memory is freed now, its place with many others.
            records[first] = .forgotten
            first += 1
        }
        if first > 64, first > records.count / 2 {
            records.removeFirst(first)
            first = 0
        }
    }

    /// What there is after `position`: a gap, or the records that follow on it, `limit` of them at most.
    func answer(after position: Revision, limit: Int, needsPrevious: Bool) -> Answer {
        guard let last else { return .nothing }
        var index = indexOfFirst(after: position)
        if index == records.count { return position == last ? .nothing : .gap(to: last) }
        if records[index].after > position { return .gap(to: records[index].after) }
        if needsPrevious, !records[index].hasPrevious {
            while index < records.count, !records[index].hasPrevious { index += 1 }
            return .gap(to: records[index - 1].revision)
        }
        let limit = min(max(limit, 1), Self.maximumAnswerCount)
        var end = index + 1
        var weight = records[index].weight
        while end < records.count, end - index < limit, records[end].after == records[end - 1].revision,
            records[end].hasPrevious || !needsPrevious, weight + records[end].weight <= Self.maximumAnswerWeight
        {
            weight += records[end].weight
            end += 1
        }
        return .records(Array(records[index..<end]))
    }

    /// The index of the first record of a commit after `position`.
    private func indexOfFirst(after position: Revision) -> Int {
        var (low, high) = (first, records.count)
        while low < high {
            let middle = (low + high) / 2
            if records[middle].revision > position { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
