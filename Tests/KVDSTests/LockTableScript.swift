@testable import KVDS
@testable import KVDSTesting

/// Runs scripts on a lock table. The owners of a script are its transactions t1, t2, …, from the oldest to the
/// youngest.
///
/// | command | meaning |
/// |---|---|
/// | `t1: shared RANGE`, `t1: exclusive RANGE` | requests a lock |
/// | `t1: cancel shared RANGE` | withdraws the request, if it waits |
/// | `t1: begin release` | t1 gets no more locks, and its requests are answered |
/// | `t1: release` | ends t1 and releases its locks |
/// | `locks` | lists the locks, their holders and the requests that wait for them |
/// | `owners` | lists the owners that have not ended |
///
/// The output repeats each request with its answer. Below a command are the waiting requests that it answered, in the
/// order of the answers.
struct LockTableScript {
    private struct Request {
        let owner: LockOwnerID
        let words: String
    }

    private let script: Script
    private var table = LockTable()
    /// The owners that have begun, when the script first mentioned them.
    private var begun: Set<LockOwnerID> = []
    /// All requests that had to wait, even if they no longer do.
    private var requests: [LockRequestID: Request] = [:]

    init(_ script: Script) { self.script = script }

    /// Returns the outputs of all blocks.
    mutating func run() throws(ScriptError) -> [[Script.Output]] {
        var outputs: [[Script.Output]] = []
        for block in script.blocks {
            var lines: [String] = []
            for command in block.commands { lines += try run(command) }
            outputs.append([Script.Output(variant: "", lines: lines)])
        }
        return outputs
    }

    private mutating func run(_ line: Script.Line) throws(ScriptError) -> [String] {
        switch line.text {
        case "locks": return locks()
        case "owners": return owners()
        default: break
        }
        guard let (number, command) = line.call else { throw script.error(line, "\"\(line.text)\" is no command") }
        let owner = LockOwnerID(rawValue: UInt64(number))
        if begun.insert(owner).inserted { table.begin(owner) }
        var wakeups: [LockTable.Wakeup] = []
        var outcome = ""
        switch command {
        case "begin release": outcome = table.beginRelease(owner, &wakeups) ? "" : " refused"
        case "release": table.release(owner, &wakeups)
        case _ where command.hasPrefix("cancel "):
            let words = String(command.dropFirst(7))
            if words.lock == nil { throw script.error(line, "\"\(command)\" is no command") }
            let request = requests.filter { $0.value.owner == owner && $0.value.words == words }.keys.max()
            outcome = request.map { table.cancel($0, &wakeups) } == true ? "" : " refused"
        default:
            guard let (mode, range) = command.lock else { throw script.error(line, "\"\(command)\" is no command") }
            switch table.request(mode, range, by: owner, &wakeups) {
            case .granted: outcome = " granted"
            case .deadlock: outcome = " deadlock"
            case .hasEnded: outcome = " refused"
            case .waits(let ticket):
                requests[ticket] = Request(owner: owner, words: command)
                outcome = " waits for \(table.blockers(of: ticket).map { "t\($0.rawValue)" }.joined(separator: ", "))"
            }
        }
        return ["\(line.text)\(outcome)"] + wakeups.map(describe)
    }

    private func describe(_ wakeup: LockTable.Wakeup) -> String {
        guard let request = requests[wakeup.ticket] else { return "an unknown request is answered" }
        let outcome =
            switch wakeup.outcome {
            case .granted: "granted"
            case .deadlock: "deadlock"
            case .hasEnded: "refused"
            }
        return "t\(request.owner.rawValue): \(request.words) \(outcome) after waiting"
    }

    private func locks() -> [String] {
        if table.isIdle { return ["no locks, requests or owners"] }
        let slots = table.places.slots(meeting: .all)
        return slots.isEmpty
            ? ["no locks"]
            : slots.map { slot in
                let place = table.places[slot] ?? LockEntry()
                let holders = place.holders.sorted { $0.key < $1.key }.map { "\($0.value) by t\($0.key.rawValue)" }
                let waiters = table.requests.filter { $0.value.slot == slot }.keys.sorted().map { ticket in
                    "t\(requests[ticket]?.owner.rawValue ?? 0) waits"
                }
                return "\(table.places.range(slot).script): \((holders + waiters).joined(separator: ", "))"
            }
    }

    private func owners() -> [String] {
        let owners = table.owners.sorted { $0.key < $1.key }
        return owners.isEmpty
            ? ["no owners"]
            : owners.map { owner, state in
                "t\(owner.rawValue): \(state.held.count) held, \(state.waiting.count) waiting"
            }
    }
}

extension LockTable {
    /// The owners that a waiting request waits for directly.
    fileprivate func blockers(of ticket: LockRequestID) -> [LockOwnerID] {
        guard let request = requests[ticket] else { return [] }
        var found: Set<LockOwnerID> = []
        for slot in places.slots(meeting: places.range(request.slot)) {
            for (holder, mode) in places[slot]?.holders ?? [:] where mode.conflicts(with: request.mode) {
                found.insert(holder)
            }
            for (other, earlier) in requests where earlier.slot == slot && earlier.mode.conflicts(with: request.mode) {
                if other < ticket ? !request.overtakes.contains(other) : earlier.overtakes.contains(ticket) {
                    found.insert(earlier.owner)
                }
            }
        }
        return found.subtracting([request.owner]).sorted()
    }
}

extension String {
    /// The lock of a request.
    fileprivate var lock: (LockMode, KeyRange)? {
        let words = split(separator: " ")
        guard words.count == 2 else { return nil }
        let range = KeyRange(script: String(words[1]))
        switch words[0] {
        case "shared": return (.shared, range)
        case "exclusive": return (.exclusive, range)
        default: return nil
        }
    }
}
