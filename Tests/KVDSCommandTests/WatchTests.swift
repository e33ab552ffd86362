import Foundation
import Testing

@Suite("kvds watch", .timeLimit(.minutes(1)))
struct WatchTests {
    /// Starts `kvds watch`, waits until it watches, calls `write`, and returns what was printed once it has ended.
    private func watch(_ arguments: [String], store: String, _ write: () throws -> Void) throws -> String {
        let process = Process()
        let (output, errors) = (Pipe(), Pipe())
        process.executableURL = KvdsProcess.executable
        process.arguments = ["watch", "--store", store] + arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let ready = String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
        #expect(ready.hasPrefix("watching from revision"), "\(ready)")
        try write()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: text, as: UTF8.self)
    }

    @Test("prints what other processes set and delete, below its prefix, until its limit")
    func text() throws {
        try KvdsProcess.inDirectory { directory in
            let store = "lmdb:\(directory)/store"
            try KvdsProcess.succeed("set", "user:1", "ada", "--store", store)
            let text = try watch(["--prefix", "user:", "--limit", "2"], store: store) {
                try KvdsProcess.succeed("set", "other", "x", "--store", store)
                try KvdsProcess.succeed("set", "user:2", "bob", "--store", store)
                try KvdsProcess.succeed("delete", "user:1", "--store", store)
            }
            // Both commits may be seen at once: then in the order of keys.
            #expect(
                ["set\tuser:2\tbob\ndelete\tuser:1\n", "delete\tuser:1\nset\tuser:2\tbob\n"].contains(text), "\(text)")
        }
    }

    @Test("prints JSON lines")
    func jsonl() throws {
        try KvdsProcess.inDirectory { directory in
            let store = "lmdb:\(directory)/store"
            try KvdsProcess.succeed("set", "a", "1", "--store", store)
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

    @Test("refuses a store that nobody else can change meanwhile")
    func refused() throws {
        try KvdsProcess.inDirectory { directory in
            let store = "rocksdb:\(directory)/store"
            try KvdsProcess.succeed("set", "a", "1", "--store", store)
            let (code, error) = try KvdsProcess.run(["watch", "--store", store])
            #expect(code == 2)
            #expect(error.contains("nobody else can change it"))
        }
    }
}
