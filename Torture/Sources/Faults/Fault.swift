#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif
import CFaultyIO

/// What goes wrong with which system call.
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

        /// The calls that can fail so.
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

        /// Whether nothing is left that could go on.
        var kills: Bool { self == .kill || self == .killHalfway }
    }

    let kind: Kind
    /// Which of the calls that can fail so, from 1.
    let nth: Int
    /// Whether every later one fails as well.
    let stays: Bool

    var description: String { "\(kind.rawValue) \(nth) \(stays ? "stays" : "once")" }

    init(_ kind: Kind, _ nth: Int, stays: Bool = false) {
        self.kind = kind
        self.nth = nth
        self.stays = stays
    }

    /// Reads a description.
    init?(_ text: some StringProtocol) {
        let words = text.split(separator: " ")
        guard words.count == 3, let kind = Kind(rawValue: String(words[0])), let nth = Int(words[1]) else { return nil }
        self.init(kind, nth, stays: words[2] == "stays")
    }
}
