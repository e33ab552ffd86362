import ArgumentParser
import KVDS
import KVDSFormats

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read everything in a store and say whether it is sound.",
        discussion: """
            Reading damaged files can crash the library that reads them, so this runs in a process of its own and reports a \
            crash as what it is: a corrupt store, to be restored from a backup.

              kvds verify --store lmdb:/var/lib/app/users
            """)

    @OptionGroup var options: StoreOptions
    @Flag(help: .hidden) var inProcess = false

    func run() async throws {
        if inProcess {
            await VerifyReport.write(for: options)
        } else {
            _ = try options.backend(.existing)
            let count = try verifyInChild()
            let output = ByteWriter()
            try output.write(line: "sound: \(count) entries")
            try output.flush()
        }
    }

    private func verifyInChild() throws -> Int {
        let child = try ChildProcess(arguments: ["verify", "--in-process", "--store", options.url])
        var progress = ProgressBar("verifying", total: nil)
        var outcome: VerifyReport?
        var lines = RecordSplitter(.tsv)
        var chunk = [UInt8](repeating: 0, count: 4 << 10)
        while true {
            let count = try child.output.read(into: &chunk)
            if count == 0 { break }
            lines.append(chunk[..<count])
            while let line = try lines.next() {
                switch VerifyReport(line: String(decoding: line.bytes, as: UTF8.self)) {
                case .total(let total): progress = ProgressBar("verifying", total: total)
                case .progress(let count): progress.update(count)
                case let report: outcome = report ?? outcome
                }
            }
        }
        progress.clear()
        let ending = try child.wait()
        switch outcome {
        case .sound(let count): return count
        case .corrupt(let message): throw StoreError(.corrupt, "The store is corrupt: \(message)")
        case .failed(let message): throw StoreError(.ioFailure, message)
        default:
            throw StoreError(
                .corrupt,
                "The store is corrupt: reading it ended the library that reads it (\(ending)); restore a backup.",
                store: options.url)
        }
    }
}

/// What the checking process tells the one that waits for it, line by line.
enum VerifyReport {
    case total(Int)
    case progress(Int)
    case sound(Int)
    /// It was read, and is not as it should be.
    case corrupt(String)
    /// It could not be read.
    case failed(String)

    init?(line: String) {
        let words = line.split(separator: " ", maxSplits: 1)
        guard words.count == 2 else { return nil }
        switch (words[0], Int(words[1])) {
        case ("total", let count?): self = .total(count)
        case ("progress", let count?): self = .progress(count)
        case ("sound", let count?): self = .sound(count)
        case ("corrupt", _): self = .corrupt(String(words[1]))
        case ("failed", _): self = .failed(String(words[1]))
        default: return nil
        }
    }

    var line: String {
        switch self {
        case .total(let count): "total \(count)"
        case .progress(let count): "progress \(count)"
        case .sound(let count): "sound \(count)"
        case .corrupt(let message): "corrupt \(message.onOneLine)"
        case .failed(let message): "failed \(message.onOneLine)"
        }
    }

    /// Checks the store and reports on standard output.
    static func write(for options: StoreOptions) async {
        func send(_ report: VerifyReport) { Descriptor.standardOutput.report(report.line) }
        do {
            let count = try await options.withStore(.existing) { store in
                guard let store = store as? any StoreInspector else {
                    throw StoreError(
                        .invalidArgument, "This kind of store cannot be checked from here.", store: options.url)
                }
                if let total = await store.knownEntryCount { send(.total(total)) }
                var last = ContinuousClock.now
                return try await store.verify { count in
                    let now = ContinuousClock.now
                    guard now - last > .milliseconds(100) else { return }
                    last = now
                    send(.progress(count))
                }
            }
            send(.sound(count))
        } catch {
            let message = (error as? StoreError)?.line ?? "\(error)"
            send((error as? StoreError)?.code == .corrupt ? .corrupt(message) : .failed(message))
        }
    }
}
