#if Command
import Foundation
import Testing

@Suite("kvds watch", .timeLimit(.minutes(5)))
struct WatchTests {
    /// Starts `kvds watch`, and waits until it has subscribed.
    private func start(
        _ arguments: [String], store: String, ignoring ignored: [Int32] = []
    ) throws -> RunningProcess {
        let process = try RunningProcess(
            ["watch", "--store", store] + arguments, ignoring: ignored, limit: .seconds(60))
        let ready = process.nextError()
        #expect(ready.hasPrefix("watching from revision"), "\(ready)")
        return process
    }

    /// Starts `kvds watch`, calls `write`, and returns the output after it has ended.
    private func watch(_ arguments: [String], store: String, _ write: () throws -> Void) throws -> String {
        let process = try start(arguments, store: store)
        try write()
        let ending = try process.end()
        #expect(ending.code == 0, "\(ending.summary)")
        return ending.text
    }

    @Test("kvds watch prints changes of other processes below its prefix up to its limit")
    func text() throws {
        try KvdsProcess.inDirectory { directory in
            let store = "lmdb:\(directory)/store"
            try KvdsProcess.succeed("set", "user:1", "ada", "--store", store)
            let text = try watch(["--prefix", "user:", "--limit", "2"], store: store) {
                try KvdsProcess.succeed("set", "other", "x", "--store", store)
                try KvdsProcess.succeed("set", "user:2", "bob", "--store", store)
                try KvdsProcess.succeed("delete", "user:1", "--store", store)
            }
            // Both commits may be observed together. Then they are in key order.
            #expect(
                ["set\tuser:2\tbob\ndelete\tuser:1\n", "delete\tuser:1\nset\tuser:2\tbob\n"].contains(text), "\(text)")
        }
    }

    @Test("kvds watch prints JSON lines with --format jsonl")
    func jsonl() throws {
        try KvdsProcess.withStore { store, _ in
            let set = try watch(["--limit", "1", "--format", "jsonl"], store: store) {
                try KvdsProcess.succeed("set", "a", "2", "--store", store)
            }
            #expect(set == #"{"key":"a","revision":2,"value":"2"}"# + "\n")
            let delete = try watch(["--limit", "1", "--format", "jsonl"], store: store) {
                try KvdsProcess.succeed("delete", "a", "--store", store)
            }
            #expect(delete == #"{"key":"a","revision":3,"value":null}"# + "\n")
        }
    }

    @Test("kvds watch refuses a store that no other process can change")
    func refused() throws {
        try KvdsProcess.inDirectory { directory in
            let store = "rocksdb:\(directory)/store"
            try KvdsProcess.succeed("set", "a", "1", "--store", store)
            let ending = try RunningProcess(["watch", "--store", store], limit: .seconds(60)).end()
            #expect(ending.code == 2 && ending.error.contains("no other process can change it"), "\(ending.summary)")
        }
    }

    @Test("kvds watch prints each change once, when it is made")
    func once() throws {
        try KvdsProcess.withStore { store, _ in
            let process = try start(["--limit", "3"], store: store)
            for (key, value) in [("a", "2"), ("b", "1"), ("a", "3")] {
                try KvdsProcess.succeed("set", key, value, "--store", store)
                #expect(process.nextOutput() == "set\t\(key)\t\(value)\n")
            }
            let ending = try process.end()
            #expect(ending.code == 0 && ending.text.isEmpty, "\(ending.summary)")
        }
    }

    @Test("kvds watch cuts a commit of several changes at its limit")
    func limit() throws {
        try KvdsProcess.withStore { store, directory in
            try Data("b\t1\nc\t1\nd\t1\n".utf8).write(to: URL(fileURLWithPath: "\(directory)/rows.tsv"))
            let text = try watch(["--limit", "2"], store: store) {
                try KvdsProcess.succeed("import", "\(directory)/rows.tsv", "--store", store)
            }
            #expect(text == "set\tb\t1\nset\tc\t1\n")
        }
    }

    @Test("kvds watch ends by the signal that interrupts it", arguments: [SIGINT, SIGTERM, SIGHUP])
    func interrupted(_ number: Int32) throws {
        try KvdsProcess.withStore { store, _ in
            let process = try start([], store: store)
            process.send(number)
            let ending = try process.end()
            #expect(ending.signal == number && ending.error.isEmpty, "\(ending.summary)")
        }
    }

    @Test("kvds watch continues after a signal that it was started to ignore, as under nohup")
    func ignored() throws {
        try KvdsProcess.withStore { store, _ in
            let process = try start(["--limit", "1"], store: store, ignoring: [SIGHUP])
            process.send(SIGHUP)
            try KvdsProcess.succeed("set", "a", "2", "--store", store)
            let ending = try process.end()
            #expect(ending.code == 0 && ending.text == "set\ta\t2\n", "\(ending.summary)")
        }
    }
}
#endif
