import Foundation

/// Runs tests with one mutation active and returns those that failed.
struct TestRun {
    /// The result of a run.
    struct Outcome {
        /// The display names of the failed tests, and the names of the failed checks of the conformance suite.
        var failures: [String] = []
        /// The tests that were running when the program crashed.
        var crashedIn: [String] = []
        /// Whether the run, or a test in it, reached its time limit.
        var isTooLong = false
        var seconds = 0.0
        var testCount = 0
    }

    let program: URL
    /// The time limit of a run, in seconds, after which it is killed.
    let limit: Int

    /// - Parameters:
    ///   - checks: the names of the checks of the conformance suite to run; empty for all.
    ///   - number: the active mutation; 0 for none.
    func run(_ filter: String, checks: [String] = [], mutation number: Int) -> Outcome {
        let id = UUID().uuidString
        let stream = FileManager.default.temporaryDirectory.appendingPathComponent("kvds-mutate-\(id)")
        defer { try? FileManager.default.removeItem(at: stream) }
        let began = ContinuousClock.now
        // The output is discarded: reading a pipe would wait until all processes that hold it have ended, including
        // hanging children.
        let status = Command.runSilently(
            [
                "timeout", "--signal=KILL", "\(limit)", program.path, "--testing-library", "swift-testing",
                "--no-parallel", "--filter", filter, "--event-stream-output-path", stream.path,
            ],
            environment: [
                MutatedPackage.variable: "\(number)", "SWIFT_BACKTRACE": "enable=no", TestRun.marker: id,
            ].merging(checks.isEmpty ? [:] : [MutatedPackage.checks: checks.joined(separator: "\n")]) { $1 })
        TestRun.killRemaining(id)
        var outcome = TestRun.read(stream)
        outcome.seconds = (ContinuousClock.now - began) / .seconds(1)
        // 137: killed by `timeout`. Other values above 128: the program's own signal.
        if status == 137 || status == 124 || status == 9 {
            outcome.isTooLong = true
            outcome.crashedIn = []
        } else if status == 0 || status == 1 || status == 69 {
            outcome.crashedIn = []
        }
        return outcome
    }

    private static let marker = "KVDS_MUTATION_RUN"

    /// Kills processes that the tests left behind. The marker in their environment identifies them.
    private static func killRemaining(_ id: String) {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        for process in processes.compactMap(Int32.init) {
            guard let environment = FileManager.default.contents(atPath: "/proc/\(process)/environ"),
                environment.range(of: Data("\(marker)=\(id)".utf8)) != nil
            else { continue }
            kill(process, SIGKILL)
        }
    }

    private static func read(_ stream: URL) -> Outcome {
        var outcome = Outcome()
        var names: [String: String] = [:]
        var running: [String] = []
        let data = (try? Data(contentsOf: stream)) ?? Data()
        for line in data.split(separator: UInt8(ascii: "\n")) {
            // The last line may be incomplete if the program was killed.
            guard let record = try? JSONDecoder().decode(TestRecord.self, from: line) else { continue }
            let payload = record.payload
            if record.kind == "test", let id = payload.id {
                names[id] = payload.displayName ?? payload.name
                continue
            }
            guard let id = payload.testID, let name = names[id] else { continue }
            switch payload.kind {
            case "testStarted":
                running.append(name)
                outcome.testCount += 1
            case "testEnded": running.removeAll { $0 == name }
            case "issueRecorded" where payload.issue?.isKnown != true:
                let text = (payload.messages ?? []).map(\.text).joined(separator: "\n")
                if text.contains("Time limit was exceeded") {
                    outcome.isTooLong = true
                } else {
                    let check = text.firstMatch(of: /"([^"]+)" is not so/).map { String($0.1) }
                    for name in [name, check].compactMap(\.self) where !outcome.failures.contains(name) {
                        outcome.failures.append(name)
                    }
                }
            default: break
            }
        }
        outcome.crashedIn = running
        return outcome
    }
}

/// A line of Swift Testing's event stream.
private struct TestRecord: Decodable {
    struct Payload: Decodable {
        struct Issue: Decodable { var isKnown: Bool? }
        struct Message: Decodable { var text: String }

        var id: String?
        var kind: String?
        var name: String?
        var displayName: String?
        var testID: String?
        var issue: Issue?
        var messages: [Message]?
    }

    var kind: String
    var payload: Payload
}
