#if Command
import ArgumentParser
import KVDS

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct FlipsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flips", abstract: "Change single bytes of small stores, and read what is left.",
        discussion: """
            A round changes one byte of one file. The store is then opened, read through and written to by a process of its \
            own, and counted: as sound; as older, when the last commits are missing; as a typed error; as wrong, when it \
            returns data that was never written, without an error; or as a crash of the library below.

            LMDB has no checksums, so it may be wrong and may crash. RocksDB must not be wrong, and may end the process only \
            by one of its assertions, if it is built with them. No process may hang, and no crash may be in Swift code. As \
            many rounds as the files have bytes change each byte once.
            """)

    /// Stores that are broken on purpose.
    enum Broken: String, CaseIterable, ExpressibleByArgument {
        /// Returns data without verifying a checksum, although a checksum is promised.
        case unchecked
    }

    @OptionGroup var options: TortureOptions
    @Option(help: "Try a store that is broken on purpose: unchecked.") var broken: Broken?

    func run() async throws {
        for backend in broken == nil ? try options.backends(of: TortureBackend.disks) : [.rocksdb] {
            try await options.run(
                "flips", ["backend": backend.rawValue], rounds: 1_000, broken: broken?.rawValue
            ) { run in
                try await sweep(backend, &run)
            }
        }
    }

    private func sweep(_ backend: TortureBackend, _ run: inout Run) async throws {
        let base = "\(run.directory)/base"
        try await FlipsStore.make(at: base, backend, isBroken: broken != nil)
        var places = try FlipsStore.places(in: base)
        run.note("bytes", places.count)
        for outcome in FlipOutcome.Kind.allCases { run.note(outcome.rawValue, 0) }
        places.shuffle(using: &run.random)
        var child = FlipsChild(backend, base, "\(run.directory)/copy", isBroken: broken != nil)
        for place in places {
            guard run.nextRound() != nil else { break }
            let mask = UInt8.random(in: 1...255, using: &run.random)
            let outcome = try child.outcome(of: place, mask)
            run.count(outcome.kind.rawValue)
            if outcome.kind == .older { run.count("older-by-\(place.kind)") }
            try judge(outcome, backend, "\(place.file) with byte \(place.offset) changed by \(mask)")
            if outcome.kind == .crash { try verify("\(run.directory)/copy", backend, &run) }
        }
        try child.end()
    }

    /// Runs `kvds verify` on a store that crashed a process. It may find nothing if a write caused the crash.
    private func verify(_ path: String, _ backend: TortureBackend, _ run: inout Run) throws {
        guard let (status, text) = try KvdsVerify.verdict(on: path, backend) else { return }
        try require(status == 0 || status == 2, "kvds verify ends with \(status): \(text)")
        run.count(text.contains("corrupt") ? "verify-says-corrupt" : "verify-reads-through")
    }

    private func judge(_ outcome: FlipOutcome, _ backend: TortureBackend, _ what: String) throws(BrokenPromise) {
        switch outcome.kind {
        case .sound, .older, .error: break
        case .wrong: try require(backend == .lmdb, "\(what) gives wrong data without an error: \(outcome.detail)")
        case .crash:
            // Swift traps with signals 4 and 5. An assertion raises signal 6.
            let signals = backend == .lmdb ? [6, 7, 8, 11] : [6]
            let isAllowed = signals.contains { outcome.detail == "signal \($0)" }
            try require(isAllowed, "\(what) ends the process by \(outcome.detail)")
        case .hang: throw BrokenPromise("\(what) makes reading it hang")
        }
    }
}
#endif
