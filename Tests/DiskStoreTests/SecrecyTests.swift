import TestSupport
import Foundation
import KVDS
import KVDSTesting
import Logging
import Synchronization
import Testing

/// Keys and values that must never appear in messages.
private enum Secret {
    static let key = key("")
    static func key(_ end: String) -> Bytes { Bytes("SECRET-KEY-5f21\(end)") }
    static let value: Bytes = "SECRET-VALUE-9c47"
    private static let marks = ["5f21", "9c47"]

    /// Whether `text` contains one of them: as text, as hexadecimal digits, or as a list of numbers.
    static func occurs(in text: String) -> Bool {
        let bytes = marks.map { Array($0.utf8) }
        let forms =
            marks + bytes.map { $0.map { String($0, radix: 16) }.joined() }
            + bytes.map { $0.map { "\($0)" }.joined(separator: ", ") }
        return forms.contains { text.range(of: $0, options: .caseInsensitive) != nil }
    }
}

@Suite("Secrecy of keys and values", .serialized, .timeLimit(.minutes(5)))
struct SecrecyTests {
    /// All messages to loggers of this process, at the lowest level.
    private static let log = Mutex<[String]>([])
    private static let listens: Bool = {
        LoggingSystem.bootstrap { Recorder(label: $0) }
        return true
    }()

    @Test("errors of every kind and the log contain no keys or values", arguments: disks)
    func errors(_ backend: DiskBackend) async throws {
        #expect(Self.listens)
        let codes = Mutex<Set<String>>([])
        func expectSilence(_ what: String, _ body: () async throws -> Void) async {
            do {
                try await body()
            } catch {
                codes.withLock { _ = $0.insert((error as? StoreError)?.code.description ?? "\(error)") }
                let forms = ["\(error)", String(reflecting: error), error.localizedDescription]
                for form in forms { #expect(!Secret.occurs(in: form), "\(what): \(form)") }
            }
        }
        try await withTemporaryDirectory { path in
            for provoke in [wrongCalls, transactions, records, faults, endings] {
                try await provoke(backend, path, expectSilence)
            }
            try await damage(backend, path, expectSilence)
            try expectSilentFiles(below: path)
        }
        #expect(codes.withLock { $0 }.isSuperset(of: Self.expected), "\(codes.withLock { $0.sorted() })")
        for line in Self.log.withLock({ $0 }) { #expect(!Secret.occurs(in: line), "\(line)") }
        #expect(Self.log.withLock { $0.contains { $0.contains("was dropped") } }, "nothing was logged")
    }

    private static let expected: Set<String> = [
        "invalidKey", "invalidValue", "invalidArgument", "conflict", "transactionEnded", "deadlock", "lockTimeout",
        "cancelled", "outcomeUnknown", "writesRefused", "diskFull", "ioFailure", "corrupt", "closed", "snapshotEnded",
        "snapshotExpired", "storeInUse", "foreignFormat",
    ]

    private typealias Expect = (String, () async throws -> Void) async -> Void
    private typealias Provocation = (DiskBackend, String, Expect) async throws -> Void

    private func wrongCalls(_ backend: DiskBackend, _ path: String, _ expect: Expect) async throws {
        let store = try await backend.open("\(path)/calls")
        let long = Secret.key(String(repeating: "5f21", count: 20_000))
        try await store.set(Secret.key, to: Secret.value)
        await expect("a long key") { try await store.set(long, to: Secret.value) }
        await expect("a long key read") { _ = try await store.get(long) }
        await expect("an empty key") { try await store.set("", to: Secret.value) }
        await expect("a scan") { for try await _ in store.entries(prefix: Secret.key, limit: -1) {} }
        await expect("a second opening") { _ = try await backend.open("\(path)/calls") }
        try write(Array("\(Secret.value)".utf8), to: "\(path)/file")
        await expect("a directory of files") { try await backend.open(path).close() }
        await expect("a backup") { try await store.backup(to: "\(path)/calls") { _ in } }
        try await store.close()
        await expect("a read after the end") { _ = try await store.get(Secret.key) }
        await expect("a write after the end") { try await store.set(Secret.key, to: Secret.value) }
    }

    private func transactions(_ backend: DiskBackend, _ path: String, _ expect: Expect) async throws {
        let store = try await backend.open("\(path)/transactions", durability: .buffered)
        var ended: Transaction?
        await expect("a conflict") {
            try await store.withTransaction(options: TransactionOptions(maximumAttempts: 1)) { tx in
                ended = tx
                _ = try await tx.get(Secret.key)
                try await store.set(Secret.key, to: Secret.value)
                tx.set(Secret.key, to: Secret.value)
            }
        }
        ended?.set(Secret.key, to: Secret.value)
        await expect("a transaction that is over") { _ = try await ended?.get(Secret.key) }
        let clock = ManualClock()
        let manager = TransactionManager(store, clock: clock)
        let holder = await manager.begin()
        try await holder.set(Secret.key, to: Secret.value)
        let waiter = await manager.begin()
        try await waiter.set(Secret.key("2"), to: Secret.value)
        let waiting = Task { try await waiter.set(Secret.key, to: Secret.value) }
        await clock.sleepers(1)
        clock.advance(by: .seconds(3_600))
        await expect("a lock that is not had in time") { try await waiting.value }
        let blocked = Task { try await holder.set(Secret.key("2"), to: Secret.value) }
        while !holder.isWaiting { await Task.yield() }
        await expect("a circle") { try await waiter.set(Secret.key, to: Secret.value) }
        await expect("what is left of it") { try await blocked.value }
        await expect("a locking conflict") {
            let transaction = await manager.begin()
            _ = try await transaction.get(Secret.key("3"))
            try await store.set(Secret.key("3"), to: Secret.value)
            try await transaction.set(Secret.key("4"), to: Secret.value)
            try await transaction.commit()
        }
        let cancelled = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            try await store.set(Secret.key, to: Secret.value)
        }
        await expect("a cancelled write") { try await cancelled.value }
        try await store.close()
    }

    private func records(_ backend: DiskBackend, _ path: String, _ expect: Expect) async throws {
        let store = try await backend.open("\(path)/records", durability: .buffered)
        try await store.set(Secret.key, to: Secret.value)
        await expect("a value that is no lease") {
            _ = try await Lease.acquire(Secret.key, in: store, for: .seconds(1))
        }
        await expect("a value that is no number") { try await Counter(Secret.key, in: store).add(1) }
        await expect("a lease of no time") { _ = try await Lease.acquire(Secret.key, in: store, for: .zero) }
        let snapshot = try await store.snapshotForSecrets()
        snapshot?.close()
        await expect("a snapshot that was closed") { _ = try await snapshot?.get(Secret.key) }
        try await store.close()
    }

    /// Errors that occur only if the engine fails.
    private func faults(_ backend: DiskBackend, _ path: String, _ expect: Expect) async throws {
        let codes: [StoreError.Code] = [.diskFull, .ioFailure, .corrupt, .outcomeUnknown]
        for code in codes {
            let faults = Faults()
            let store = try await EmbeddedStore.open("faulty:") {
                FaultInjectingEngine(MemoryEngine(), faults: faults)
            }
            faults.fail(.commit, with: StoreError(code, "It was told to fail.", key: Secret.key))
            await expect("a failed commit") { try await store.set(Secret.key, to: Secret.value) }
            await expect("what follows it") { try await store.set(Secret.key, to: Secret.value) }
            faults.fail(.close, with: StoreError(code, "It was told to fail.", key: Secret.key))
            await expect("a failed end") { try await store.close() }
        }
    }

    private func endings(_ backend: DiskBackend, _ path: String, _ expect: Expect) async throws {
        var configuration = StoreConfiguration(durability: .buffered)
        configuration.snapshotAgeWarning = .milliseconds(1)
        configuration.snapshotAgeLimit = .milliseconds(2)
        let store = try await backend.backend.open(at: "\(path)/endings", configuration: configuration)
        for index in 0..<1_000 {
            try await store.set(Secret.key("\(index)"), to: Secret.value)
        }
        var scan = store.entries(prefix: Secret.key).makeAsyncIterator()
        await expect("a scan that is too old") {
            while let _ = try await scan.next() { await Task.yield() }
            while true {
                var again = store.entries(prefix: Secret.key).makeAsyncIterator()
                while let _ = try await again.next() { try await Task.sleep(for: .milliseconds(1)) }
            }
        }
        try await store.close()
    }

    /// Changes every 64th byte of every file, in one quarter of the files at a time.
    private func damage(_ backend: DiskBackend, _ path: String, _ expect: Expect) async throws {
        guard backend == .rocksdb else {
            // Reading damaged LMDB files can crash the process.
            try FileManager.default.createDirectory(atPath: "\(path)/foreign", withIntermediateDirectories: true)
            try write((0..<8_192).map { _ in UInt8(0x53) }, to: "\(path)/foreign/data.mdb")
            await expect("a foreign file") { try await backend.open("\(path)/foreign").close() }
            return
        }
        let store = try await backend.open("\(path)/damaged")
        for index in 0..<500 { try await store.set(Secret.key("\(index)"), to: Secret.value) }
        try await store.close()
        for name in names(at: "\(path)/damaged") where !name.hasPrefix("LOG") && !name.hasPrefix("OPTIONS") {
            let copy = "\(path)/copy-\(name)"
            try FileManager.default.copyItem(atPath: "\(path)/damaged", toPath: copy)
            var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(copy)/\(name)")))
            for index in stride(from: 0, to: bytes.count, by: 64) { bytes[index] ^= 0x55 }
            try write(bytes, to: "\(copy)/\(name)")
            await expect("damage to \(name)") {
                let store = try await backend.open(copy)
                do { _ = try await store.verify { _ in } } catch {
                    try await store.close()
                    throw error
                }
                try await store.close()
            }
        }
    }

    /// RocksDB's own log is stored beside the data, and users send it when they ask for help.
    private func expectSilentFiles(below path: String) throws {
        for (name, content) in try contents(of: path) where name.contains("LOG") || name.contains("OPTIONS") {
            #expect(!Secret.occurs(in: String(decoding: content, as: UTF8.self)), "\(name)")
        }
    }

    /// Records every line with its metadata.
    private struct Recorder: LogHandler {
        let label: String
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            SecrecyTests.log.withLock {
                $0.append("\(event.level) \(label) \(event.message) \(event.error as Any) \(all)")
            }
        }
    }
}

extension KeyValueStore {
    fileprivate func snapshotForSecrets() async throws(StoreError) -> (any StoreSnapshot)? {
        try await snapshots?.makeSnapshot()
    }
}
