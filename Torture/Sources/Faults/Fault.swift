#if Command
import CFaultyIO
import KVDSSystem

/// A failure of a system call.
struct Fault: Hashable, CustomStringConvertible {
    enum Kind: String, CaseIterable {
        case inputOutput = "EIO"
        case noSpace = "ENOSPC"
        case tooManyFiles = "EMFILE"
        case noMemory = "ENOMEM"
        /// Half of the bytes are written.
        case short
        /// The process is killed at the call.
        case kill
        /// The process is killed when half of the bytes are written.
        case killHalfway = "kill-halfway"

        /// The calls that this fault can hit.
        var calls: FaultyIO.Calls {
            switch self {
            case .inputOutput, .kill: .all
            case .noSpace: [.open, .write, .sync, .length, .name]
            case .tooManyFiles: .open
            case .noMemory: .map
            case .short, .killHalfway: .write
            }
        }

        var error: Int32 {
            switch self {
            case .inputOutput: EIO
            case .noSpace: ENOSPC
            case .tooManyFiles: EMFILE
            case .noMemory: ENOMEM
            case .short: Int32(FAULTY_SHORT)
            case .kill: Int32(FAULTY_KILL)
            case .killHalfway: Int32(FAULTY_KILL_HALFWAY)
            }
        }

        /// Whether the fault ends the process.
        var kills: Bool { self == .kill || self == .killHalfway }
    }

    let kind: Kind
    /// The number of the call that fails, counted from 1 among the calls that the fault can hit.
    let nth: Int
    /// Whether all later calls fail too.
    let stays: Bool

    var description: String { "\(kind.rawValue) \(nth) \(stays ? "stays" : "once")" }

    init(_ kind: Kind, _ nth: Int, stays: Bool = false) {
        self.kind = kind
        self.nth = nth
        self.stays = stays
    }

    /// Parses a description.
    init?(_ text: some StringProtocol) {
        let words = text.split(separator: " ")
        guard words.count == 3, let kind = Kind(rawValue: String(words[0])), let nth = Int(words[1]) else { return nil }
        self.init(kind, nth, stays: words[2] == "stays")
    }
}
#endif
