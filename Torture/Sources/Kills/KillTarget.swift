#if Command
import KVDS

/// A working child process and its acknowledgements.
final class KillTarget {
    private let process: ChildProcess
    private var rest: ArraySlice<UInt8> = []
    /// All acknowledgements, in the order in which they were received.
    private(set) var acknowledgements: [ChildMessage] = []
    private(set) var openedAt: Revision?
    /// The last other message, and when it was received.
    private(set) var stage: (kind: ChildMessage.Kind, time: ContinuousClock.Instant)?
    /// How long opening and closing took, if observed from beginning to end.
    private(set) var openingTime: Duration?
    private(set) var closingTime: Duration?

    /// How long a child may be silent before it counts as hung.
    static let patience = Duration.seconds(60)

    init(_ arguments: [String]) throws { process = try ChildProcess(arguments: ["kills-child"] + arguments) }

    /// Reads messages from the child for at most `time`.
    ///
    /// - Returns: false if the child has ended.
    @discardableResult
    func listen(for time: Duration) throws -> Bool {
        switch process.nextOutput(within: time) {
        case .nothingYet: return true
        case .end: return false
        case .bytes(let bytes):
            rest += bytes
            while let message = try ChildMessage.take(from: &rest) { note(message) }
            return true
        }
    }

    /// Reads messages from the child until `isEnough` returns true.
    func listen(_ what: String, until isEnough: () -> Bool) throws {
        let start = ContinuousClock.now
        while !isEnough() {
            try require(try listen(for: .seconds(1)), "a child ended by itself, awaiting \(what)")
            try require(
                ContinuousClock.now - start < Self.patience, "a child hangs, awaiting \(what):\(process.threads)")
        }
    }

    /// Continues to read messages for `time`.
    func wait(_ time: Duration) throws {
        let end = ContinuousClock.now + time
        while true {
            let left = end - .now
            if left <= .zero { return }
            try require(try listen(for: left), "a child ended by itself")
        }
    }

    func close() { process.send([1]) }

    /// Kills the child, and reads the messages it sent before.
    func kill() throws {
        process.end()
        while try listen(for: Self.patience) {}
        let (wasKilled, code) = process.wait()
        try require(wasKilled, "a child ended by itself with exit code \(code)")
    }

    private func note(_ message: ChildMessage) {
        let now = ContinuousClock.now
        switch message.kind {
        case .acknowledged:
            acknowledgements.append(message)
            return
        case .open:
            openedAt = Revision(rawValue: message.revision)
            openingTime = stage.map { now - $0.time }
        case .closed: closingTime = stage.map { now - $0.time }
        case .opening, .closing, .failed: break
        }
        stage = (message.kind, now)
    }
}
#endif
