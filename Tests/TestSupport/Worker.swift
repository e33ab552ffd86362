import Foundation
import KVDS
import KVDSTesting

/// The program `kvds-test-worker`: opens a store, then executes the commands it reads from standard input.
public enum Worker {
    /// An open scan that is not continued. Only the task that executes commands uses it.
    nonisolated(unsafe) private static var held: Entries.Iterator?

    /// - Parameter arguments: the backend, the path, and optionally `durable` or `buffered`.
    public static func run(_ arguments: [String]) async {
        guard arguments.count >= 2, let backend = DiskBackend(rawValue: arguments[0]) else {
            return say("usage: kvds-test-worker lmdb|rocksdb PATH [durable|buffered]")
        }
        let path = arguments[1]
        let durability: Durability = arguments.contains("buffered") ? .buffered : .durable
        do {
            let store = try await backend.open(path, durability: durability)
            say("open")
            while let line = readLine() {
                let words = line.split(separator: " ").map(String.init)
                if words.first == "quit" { break }
                do {
                    say(try await obey(words, store, backend, path))
                } catch let error as StoreError {
                    say("\(error.code), \(error.advice): \(error)")
                }
            }
            try await store.close()
        } catch let error as StoreError {
            say("\(error.code) \(error)")
        } catch {
            say("\(error)")
        }
    }

    private static func obey(
        _ words: [String], _ store: any KeyValueStore, _ backend: DiskBackend, _ path: String
    ) async throws -> String {
        switch (words.first ?? "", words.dropFirst().map { $0 }) {
        case ("get", let words): return try await store.get(Bytes(words[0])).map { "value \($0)" } ?? "nil"
        case ("set", let words):
            let durability: Durability? = words.count > 2 && words[2] == "durable" ? .durable : nil
            let result = try await store.write(durability: durability) { $0.set(Bytes(words[0]), to: Bytes(words[1])) }
            return "revision \(result.revision?.rawValue ?? 0)"
        case ("increment", let words):
            try await store.increment(Bytes(words[0]), Int(words[1]) ?? 0)
            return "done"
        case ("claim", let words): return "\(try await store.setIfAbsent(Bytes(words[0]), to: Bytes(words[1])))"
        case ("fill", let words): return try await fill(store, words[0], megabytes: Int(words[1]) ?? 0)
        case ("count", _): return "\(try await store.count())"
        case ("batches", let words): return try await batches(store, Int(words.first ?? "") ?? .max)
        case ("sets", let words): return try await sets(store, Int(words[0]) ?? 0)
        case ("bank", let words):
            try await Bank.open(store)
            try await Bank.run(store, Bank.Kind(rawValue: words[0]) ?? .optimistic) { say($0) }
            return "done"
        case ("feed", let words): return try await feed(store, since: Revision(rawValue: UInt64(words[0]) ?? 0))
        case ("hold", _):
            var scan = store.entries().makeAsyncIterator()
            _ = try await scan.next()
            unsafe held = scan
            return "done"
        case ("exit", _): return try await leave(store, backend, path)
        case ("beat", _): return try await beat(store, backend, path)
        case (let word, _): return "what is \(word)?"
        }
    }

    /// Sets values of one mebibyte each.
    private static func fill(_ store: any KeyValueStore, _ prefix: String, megabytes: Int) async throws -> String {
        let value = Bytes(repeating: 7, count: 1 << 20)
        for index in 0..<megabytes { try await store.set(Bytes("\(prefix)\(index)"), to: value) }
        return "done"
    }

    /// Commits batches that set `a` and `b` to the same number, and reports each commit.
    private static func batches(_ store: any KeyValueStore, _ count: Int) async throws -> String {
        let first = try await store.number("a") + 1
        for number in first..<(count == .max ? .max : first + count) {
            try await store.write { batch in
                batch.set("a", to: Bytes(String(number)))
                batch.set(
                    Bytes("noise\(number % 97)"), to: Bytes(repeating: UInt8(number & 255), count: number % 5_000))
                batch.set("b", to: Bytes(String(number)))
            }
            say("ack \(number)")
        }
        return "done"
    }

    /// Ends the process while tasks write to the store and other stores are opened and closed.
    private static func leave(_ store: any KeyValueStore, _ backend: DiskBackend, _ path: String) async throws -> String
    {
        let (writes, wrote) = AsyncStream.makeStream(of: Void.self)
        for task in 0..<3 {
            Task.detached {
                for step in 0... {
                    try await store.set(Bytes("\(task)"), to: Bytes(repeating: 1, count: step % 5_000))
                    wrote.yield()
                }
            }
            Task.detached {
                for step in 0... {
                    let other = try await backend.open("\(path)-\(task)", durability: .buffered)
                    try await other.set("a", to: Bytes("\(step)"))
                    try await other.close()
                    wrote.yield()
                }
            }
        }
        var count = 0
        for await _ in writes {
            count += 1
            if count == 50 { break }
        }
        exit(0)
    }

    private static func sets(_ store: any KeyValueStore, _ count: Int) async throws -> String {
        let before = try await store.statistics().syncs
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for task in 0..<count { tasks.addTask { try await store.set(Bytes("key\(task)"), to: Bytes("\(task)")) } }
            try await tasks.waitForAll()
        }
        return "\(try await store.statistics().syncs - before)"
    }

    /// Commits without end from several tasks, and prints each commit and gap that a subscriber receives.
    private static func feed(_ store: any KeyValueStore, since: Revision) async throws -> String {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                for try await event in store.changes(since: since) {
                    switch event {
                    case .commit(let revision, _): say("commit \(revision)")
                    case .gap(let start, let end): say("gap \(start) \(end)")
                    }
                }
            }
            for task in 0..<4 {
                tasks.addTask {
                    for step in 0... { try await store.set(Bytes("\(task)"), to: Bytes("\(step)")) }
                }
            }
            try await tasks.waitForAll()
        }
        return "done"
    }

    /// Runs a heartbeat while 64 tasks write durably and another store is opened and closed.
    ///
    /// - Returns: the greatest delay while idle and under load, in milliseconds, and the duration of the load.
    private static func beat(_ store: any KeyValueStore, _ backend: DiskBackend, _ path: String) async throws -> String
    {
        let idle = Heartbeat()
        try await Task.sleep(for: .milliseconds(300))
        let idleLag = await idle.stop()
        let clock = ContinuousClock.now
        let loaded = Heartbeat()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for task in 0..<64 {
                tasks.addTask {
                    for step in 0..<2 { try await store.set(Bytes("\(task)/\(step)"), to: Bytes("1")) }
                }
            }
            tasks.addTask {
                let other = try await backend.open("\(path)-other")
                try await other.set("a", to: "1")
                try await other.close()
            }
            try await tasks.waitForAll()
        }
        let took = ContinuousClock.now - clock
        return "\(idleLag.milliseconds) \(await loaded.stop().milliseconds) \(took.milliseconds)"
    }

    private static func say(_ line: String) { sayLine(line) }
}

/// Prints a line immediately.
public func sayLine(_ line: String) {
    try? FileHandle.standardOutput.write(contentsOf: Data("\(line)\n".utf8))
}
