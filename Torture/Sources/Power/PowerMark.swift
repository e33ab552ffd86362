#if Command
import Foundation
import KVDS
import KVDSFormats
import KVDSTesting

/// A mark in the log: a commit began or was acknowledged, or a backup or an export was completed.
struct PowerMark {
    enum Kind: UInt64 { case began, acknowledged, backedUp, exported }

    let kind: Kind
    let task: Int
    let number: Int
    let isDurable: Bool
    let revision: UInt64

    init(_ kind: Kind, _ task: Int, _ number: Int, _ isDurable: Bool, _ revision: UInt64 = 0) {
        self.kind = kind
        self.task = task
        self.number = number
        self.isDurable = isDurable
        self.revision = revision
    }

    init(rawValue: UInt64) {
        kind = Kind(rawValue: rawValue & 3) ?? .began
        isDurable = rawValue & 4 != 0
        task = Int(rawValue >> 8 & 0xFF)
        number = Int(rawValue >> 16 & 0xFFFF)
        revision = rawValue >> 32
    }

    var rawValue: UInt64 {
        kind.rawValue | (isDurable ? 4 : 0) | UInt64(task) << 8 | UInt64(number) << 16 | revision << 32
    }
}
#endif
