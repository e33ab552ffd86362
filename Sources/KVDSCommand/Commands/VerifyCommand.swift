#if Command
import ArgumentParser
import KVDS
import KVDSFormats

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read everything in a store and report whether it is sound.",
        discussion: """
            Damaged files can crash the library that reads them. So the check runs in a child process, and a crash is \
            reported as a corrupt store, which must be restored from a backup.

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
                "The store is corrupt: the library that reads it crashed (\(ending)); restore a backup.",
                store: options.url)
        }
    }
}
#endif
