#if Command
import KVDSTesting

/// When to kill a child.
enum KillPoint: String, CaseIterable {
    /// A random time after it has opened the store.
    case anytime
    /// Immediately after an acknowledgement.
    case acknowledgement
    /// While it opens the files of a child that was killed.
    case opening
    case closing
    /// Immediately after a file grows or is added: a checkpoint, a remapping or a compaction.
    case growth
}

extension KillTarget {
    /// Waits for the given point and kills the child.
    ///
    /// - Returns: whether the child was killed at that point and not after it.
    func kill(_ moment: KillPoint, files: FileWatch, times: KillTimes, _ random: inout SplitMix64) throws -> Bool {
        switch moment {
        case .anytime:
            try listen("the opening") { openedAt != nil }
            try wait(.microseconds(random.below(30_000)))
        case .acknowledgement: try work([1, 1, 2, 5, 20, 100][random.below(6)])
        case .opening:
            try listen("the beginning") { stage != nil }
            try wait(times.opening * Double(random.below(1_200)) / 1_000)
        case .closing:
            try work(1 + random.below(60))
            close()
            try listen("the closing") { stage?.kind == .closing || stage?.kind == .closed }
            if stage?.kind == .closing { try wait(times.closing * Double(random.below(1_200)) / 1_000) }
        case .growth:
            try listen("the opening") { openedAt != nil }
            var files = files
            files.begin()
            let end = ContinuousClock.now + .milliseconds(500)
            while !files.haveGrown, .now < end { try listen(for: .microseconds(100)) }
            try kill()
            return files.haveGrown
        }
        try kill()
        return
            switch moment
        {
        case .opening: stage?.kind == .opening
        case .closing: stage?.kind == .closing
        default: true
        }
    }

    /// Waits for `count` more acknowledgements.
    func work(_ count: Int) throws {
        let enough = acknowledgements.count + count
        try listen("acknowledgements") { acknowledgements.count >= enough }
    }
}
#endif
