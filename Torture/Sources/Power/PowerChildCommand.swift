#if Command
import ArgumentParser
import Foundation
import KVDS
import KVDSTesting

/// Records a run, or opens images of one.
struct PowerChildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "power-child", shouldDisplay: false)

    @Option var backend: TortureBackend
    @Option var durability: TortureDurability
    @Option var broken: PlantedBug?
    @Option var directory: String
    @Option var seed: UInt64
    /// The first image to open; if nil, a run is recorded.
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
            // The parent removes the directory after it has read the last line.
            try? FileManager.default.removeItem(atPath: path)
            Output.say(verdict.rawValue)
        }
    }
}
#endif
