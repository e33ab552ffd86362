#if Command
import KVDS
import KVDSTesting

/// The commits of a recorded run, and which of them must survive a power failure.
struct PowerHistory {
    /// The state after each commit with its revision, beginning with the empty state.
    let states: [(entries: [Entry], revision: UInt64)]
    private let records: [IORecord]

    init(_ records: [IORecord], _ workload: PowerWorkload) {
        self.records = records
        let commits = records.compactMap { record -> PowerMark? in
            guard case .mark(let value) = record.action else { return nil }
            let mark = PowerMark(rawValue: value)
            return mark.kind == .acknowledged ? mark : nil
        }
        var model = OrderedModel()
        var states: [(entries: [Entry], revision: UInt64)] = [([], 0)]
        for mark in commits.sorted(by: { $0.revision < $1.revision }) {
            _ = model.apply(workload.batch(mark.task, mark.number))
            states.append((model.entries, mark.revision))
        }
        self.states = states
    }

    /// What must survive a power failure before the record `cut`.
    ///
    /// - Returns: the lowest revision that must be present, and whether buffered commits were made after it.
    func require(at cut: Int) -> (revision: UInt64, hasBuffered: Bool) {
        var revision: UInt64 = 0
        var hasBuffered = false
        for record in records[..<cut] {
            guard case .mark(let value) = record.action else { continue }
            let mark = PowerMark(rawValue: value)
            if mark.kind == .backedUp || mark.kind == .exported { continue }
            if !mark.isDurable { hasBuffered = true }
            if mark.isDurable, mark.kind == .acknowledged {
                revision = max(revision, mark.revision)
                hasBuffered = false
            }
        }
        return (revision, hasBuffered)
    }

    /// Returns the revision of the backup or export that was complete before the record `cut`, or nil if there was
    /// none.
    func revision(of kind: PowerMark.Kind, at cut: Int) -> UInt64? {
        for record in records[..<cut] {
            guard case .mark(let value) = record.action else { continue }
            let mark = PowerMark(rawValue: value)
            if mark.kind == kind { return mark.revision }
        }
        return nil
    }

    /// Returns where to cut the log: anywhere, or immediately after a mark.
    func cut(_ random: inout SplitMix64) -> Int {
        let any = random.below(records.count + 1)
        if random.oneIn(2) { return any }
        let next = records[any...].firstIndex { if case .mark = $0.action { true } else { false } }
        return next.map { $0 + 1 } ?? any
    }
}
#endif
