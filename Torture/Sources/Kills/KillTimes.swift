#if Command
import KVDSTesting

/// How long opening and closing take on this machine. The kill times within them are chosen accordingly.
struct KillTimes {
    private(set) var opening = Duration.milliseconds(4)
    private(set) var closing = Duration.milliseconds(2)

    mutating func learn(from target: KillTarget) {
        if let time = target.openingTime { opening = (opening * 3 + time) / 4 }
        if let time = target.closingTime { closing = (closing * 3 + time) / 4 }
    }
}
#endif
