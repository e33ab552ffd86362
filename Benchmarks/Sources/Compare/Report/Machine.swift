import Foundation
import Peers

/// The machine and software of a run.
struct Machine: Codable, Hashable, Sendable {
    let processor: String
    let cores: Int
    let memoryGiB: Int
    let system: String
    let swift: String
    let lmdb: String
    let rocksDB: String

    /// The current machine.
    static var current: Machine {
        let process = ProcessInfo.processInfo
        return Machine(
            processor: processorName, cores: process.activeProcessorCount,
            memoryGiB: Int((Double(process.physicalMemory) / Double(1 << 30)).rounded()),
            system: process.operatingSystemVersionString,
            swift: swiftVersion, lmdb: String(cString: peer_lmdb_version()),
            rocksDB: String(cString: peer_rocksdb_version()))
    }

    private static var processorName: String {
        #if os(Linux)
        let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
        let model = lines.first { $0.hasPrefix("model name") }?.split(separator: ":").last
        return model.map { $0.trimmingCharacters(in: .whitespaces) } ?? architecture
        #else
        return output(of: ["sysctl", "-n", "machdep.cpu.brand_string"]) ?? architecture
        #endif
    }

    private static var architecture: String {
        #if arch(x86_64)
        "x86-64"
        #elseif arch(arm64)
        "arm64"
        #else
        "unknown"
        #endif
    }

    private static var swiftVersion: String {
        let words = output(of: ["swift", "--version"])?.split(separator: " ") ?? []
        guard let at = words.firstIndex(of: "version"), at + 1 < words.count else { return "unknown" }
        return String(words[at + 1])
    }

    /// Returns the output of a program, or nil if it cannot be run.
    private static func output(of command: [String]) -> String? {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil, let data = try? pipe.fileHandleForReading.readToEnd() else { return nil }
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
