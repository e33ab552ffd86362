/// The newest commits of a store, for its subscribers: a pure value.
///
/// A record contains the revision of the commit before it. So the first record after a subscriber's position shows
/// whether commits are missing:
///
///     records      (after 3) 4    (after 4) 6    (after 8) 9          last 9
///     at 3         records 4 and 6
///     at 1         a gap from 1 to 3: 2 and 3 have been discarded
///     at 6         a gap from 6 to 8: made by another process, or while nothing was recorded
///     at 9         nothing yet
///     at 12        a gap from 12 to 9: the store has not reached 12
struct ChangeLog {
    /// The answer to a subscriber that asks for the next commits.
    enum Answer {
        case nothing
        case gap(to: Revision)
        case records([ChangeRecord])
    }

    /// The most that one subscriber takes at a time. It retains these records, and they are copied under the lock.
    static var maximumAnswerCount: Int { 1_024 }
    static var maximumAnswerWeight: Int { 1 << 20 }

    let retention: ChangeRetention
    /// The last known commit; nil if none is known.
    private(set) var last: Revision?
    private var records: [ChangeRecord] = []
    /// The index of the oldest record. Those before it have been discarded.
    private var first = 0
    private var weight = 0

    init(retention: ChangeRetention) { self.retention = retention }

    /// The number of commits in the log.
    var count: Int { records.count - first }

    /// Notes that the store has reached `revision`, and that no commit up to it will be appended any more.
    ///
    /// - Returns: false if the log knew this already.
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
        while count > 1, count > retention.maximumCommits || weight > retention.maximumBytes {
            weight -= records[first].weight
            // Frees the content now. The array shrinks later, for many records together.
            records[first] = .forgotten
            first += 1
        }
        if first > 64, first > records.count / 2 {
            records.removeFirst(first)
            first = 0
        }
    }

    /// The answer to a subscriber at `position`: a gap, or at most `limit` records that follow it.
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
        records[first...].partitioningIndex { $0.revision > position }
    }
}
