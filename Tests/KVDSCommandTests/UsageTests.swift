#if Command
import TestSupport
import Foundation
import KVDS
import Testing

@testable import KVDSCommand

@Suite("The usage of kvds", .timeLimit(.minutes(5)))
struct UsageTests {
    private static let verbs = [
        ["get", "a"], ["set", "a", "1"], ["delete", "a"], ["setnx", "a", "1"], ["cas", "a", "1", "2"], ["scan"],
        ["import", "/dev/null"], ["export"], ["watch"], ["stats"], ["verify"], ["backup", "/proc/kvds/copy"],
        ["bench", "--count", "1"],
    ]

    @Test("a verb without a store exits with code 64", arguments: verbs)
    func storeless(_ arguments: [String]) throws {
        let ending = try RunningProcess(arguments).end()
        #expect(ending.code == 64 && ending.error.contains("KVDS_STORE"), "\(ending.summary)")
    }

    @Test(
        "a command with meaningless arguments exits with code 64",
        arguments: [
            ["scan", "--limit", "-1"], ["watch", "--limit", "-1"], ["bench", "--count", "0"],
            ["bench", "--tasks", "100001"], ["import", "/dev/null", "--key", "id"], ["backup", "lmdb:/proc/kvds/copy"],
        ])
    func nonsense(_ arguments: [String]) throws {
        let ending = try RunningProcess(arguments + ["--store", "lmdb:/proc/kvds/store"]).end()
        #expect(ending.code == 64, "\(ending.summary)")
    }

    @Test("an argument that is not UTF-8 is refused with exit code 64, and no other key is read")
    func notUTF8() throws {
        let script = "exec \"$0\" get \"$(printf '\\377')\" --store memory:"
        let ending = try RunningProcess(
            ["-c", script, KvdsProcess.executable.path], program: URL(fileURLWithPath: "/bin/sh")
        ).end()
        #expect(ending.code == 64 && ending.error.contains("Argument 2 is not UTF-8"), "\(ending.summary)")
    }

    @Test("a missing key or a failed condition exits with code 1 and prints nothing")
    func conditions() throws {
        try KvdsProcess.withStore { store, _ in
            for verb in [["get", "b"], ["setnx", "a", "2"], ["cas", "a", "2", "3"], ["cas", "b", "1", "2"]] {
                let ending = try RunningProcess(verb + ["--store", store]).end()
                #expect(ending.code == 1 && ending.error.isEmpty && ending.output.isEmpty, "\(verb): \(ending.summary)")
            }
            let get = try KvdsProcess.finish("get", "a", "--store", store)
            #expect(get.text == "1\n")
        }
    }

    @Test("a scan prints the keys that its prefix, first key and end all allow")
    func range() throws {
        try KvdsProcess.inDirectory { directory in
            let store = "lmdb:\(directory)/store"
            for key in ["a", "b1", "b2", "b3", "c"] { try KvdsProcess.succeed("set", key, "", "--store", store) }
            func keys(_ options: String...) throws -> [Substring] {
                let ending = try RunningProcess(["scan", "--keys-only", "--store", store] + options).end()
                return ending.text.split(separator: "\n")
            }
            #expect(try keys("--prefix", "b", "--from", "a") == ["b1", "b2", "b3"])
            #expect(try keys("--prefix", "b", "--from", "b2") == ["b2", "b3"])
            #expect(try keys("--prefix", "b", "--to", "z") == ["b1", "b2", "b3"])
            #expect(try keys("--prefix", "b", "--to", "b3") == ["b1", "b2"])
        }
    }

    @Test("--store overrides KVDS_STORE, and reading verbs create no store", arguments: CommandLineTests.schemes)
    func store(_ scheme: String) throws {
        try KvdsProcess.inDirectory { directory in
            let environment = ["KVDS_STORE": "\(scheme):\(directory)/environment"]
            let option = ["--store", "\(scheme):\(directory)/option"]
            for verb in Self.verbs where !["set", "setnx", "import", "bench"].contains(verb[0]) {
                let ending = try RunningProcess(verb + option, environment: environment).end()
                #expect(ending.code == 2 && ending.error.contains("no store at"), "\(verb): \(ending.summary)")
                #expect(names(at: directory).isEmpty, "\(verb)")
            }
            let set = try RunningProcess(["set", "a", "1"] + option, environment: environment).end()
            #expect(set.code == 0, "\(set.summary)")
            #expect(names(at: directory) == ["option"])
        }
    }

    @Test("a store that cannot be opened is reported before a value is read", arguments: ["set", "setnx"])
    func early(_ verb: String) throws {
        let input = Pipe()
        // The input has no data and does not end.
        try withExtendedLifetime(input) {
            let process = try RunningProcess(
                [verb, "a", "-", "--store", "nonsense:/x"], input: input, limit: .seconds(60))
            let ending = try process.end()
            #expect(ending.code == 2, "it waits for the value: \(ending.summary)")
        }
    }

    @Test("an error is printed on one line, whatever the path contains, and gives advice")
    func oneLine() throws {
        try KvdsProcess.inDirectory { directory in
            let missing = try KvdsProcess.finish("get", "a", "--store", "lmdb:\(directory)/no\nstore")
            #expect(missing.code == 2)
            #expect(
                missing.error == "kvds: There is no store at \(directory)/no store; check the path, "
                    + "or make a store with kvds set or kvds import.\n")
            let place = try KvdsProcess.finish("import", directory, "--store", "lmdb:\(directory)/store")
            #expect(place.error == "kvds: \(directory) is a directory; name a file.\n")
        }
    }

    @Test("an error names its store once, and times have three decimals")
    func wording() {
        let path = StoreError(.ioFailure, "Cannot open /a/b: no; look at the disk.", store: "/a/b")
        #expect(path.line == "Cannot open /a/b: no; look at the disk.")
        let word = StoreError(.notFound, "There is no store.", store: "st")
        #expect(word.line == "st: There is no store.")
        #expect(Duration.milliseconds(61_005).seconds == "61.005")
        #expect(Duration.seconds(2).rate(9) == 5)
    }
}
#endif
