import ArgumentParser
import Foundation
import KVDS
import KVDSTesting

struct PowerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "power", abstract: "Open what losses of power could leave of recorded runs.",
        discussion: """
            A round is an image. Each recorded run gives \(imagesOfARun).

            --broken early-acknowledgement makes every sync a lie, --broken half-batch commits batches in halves.
            """)
    static let imagesOfARun = 50

    @OptionGroup var options: TortureOptions
    @Option(help: "durable or buffered; without it, both.") var durability: TortureDurability?
    @Option(help: "Break the store on purpose: early-acknowledgement or half-batch.") var broken: PlantedBug?

    func validate() throws { try broken.require(.earlyAcknowledgement, .halfBatch) }

    func run() async throws {
        guard FaultyIO.isAvailable else { return print("power: system calls are only seen on Linux.") }
        for backend in try options.backends(of: TortureBackend.disks) {
            for durability in durability.map({ [$0] }) ?? TortureDurability.allCases {
                // There nothing is promised while a batch of which one half is missing could be seen.
                if broken == .halfBatch, backend == .lmdb, durability == .buffered { continue }
                let facts: KeyValuePairs = ["backend": backend.rawValue, "durability": durability.rawValue]
                try await options.run("power", facts, rounds: 1_000, broken: broken?.rawValue) { run in
                    try await PowerSweep(backend: backend, durability: durability, bug: broken).go(&run)
                }
            }
        }
    }
}

/// Records a run, or opens images of one.
struct PowerChildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "power-child", shouldDisplay: false)

    @Option var backend: TortureBackend
    @Option var durability: TortureDurability
    @Option var broken: PlantedBug?
    @Option var directory: String
    @Option var seed: UInt64
    /// The first image to open; without it, the run is recorded.
    @Option var first: Int?
    @Option var count = PowerCommand.imagesOfARun

    private var workload: PowerWorkload {
        PowerWorkload(seed: seed, backend: backend, durability: durability, bug: broken)
    }
    private var root: String { "\(directory)/run" }
    private var log: URL { URL(fileURLWithPath: "\(directory)/log") }

    func run() async throws {
        do {
            if let first { try await open(first) } else { try await record() }
        } catch {
            Output.say("broken \("\(error)".split(whereSeparator: \.isNewline).joined(separator: " "))")
        }
    }

    private func record() async throws {
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        FaultyIO.watch(root)
        FaultyIO.skipSyncs(broken == .earlyAcknowledgement)
        FaultyIO.beginRecord()
        try await workload.run("\(root)/stores/store")
        try Data(FaultyIO.endRecord()).write(to: log)
        FaultyIO.watch(nil)
        try FileManager.default.removeItem(atPath: root)
        Output.say("recorded")
    }

    private func open(_ first: Int) async throws {
        let log = try Array(Data(contentsOf: log))
        let records = try IORecord.records(in: log)
        let history = PowerHistory(records, workload)
        for number in first..<count {
            let image = PowerImage(
                workload: workload, history: history, records: records, log: log, root: root,
                seed: seed &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
            let path = "\(directory)/image\(number)"
            let verdict = try await image.check(at: path)
            // The parent removes the directory once it has been told of the last.
            try? FileManager.default.removeItem(atPath: path)
            Output.say(verdict.rawValue)
        }
    }
}
