#if Command
import Foundation

/// Runs `kvds verify`, which opens a store in its own process and must survive any damage.
enum KvdsVerify {
    /// Returns its exit code and output, or nil if `kvds` was not built beside this program.
    static func verdict(on path: String, _ backend: TortureBackend) throws -> (status: Int32, text: String)? {
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("kvds")
        guard FileManager.default.isExecutableFile(atPath: program.path) else { return nil }
        let process = Process()
        let output = Pipe()
        process.executableURL = program
        process.arguments = ["verify", "--store", "\(backend.rawValue):\(path)"]
        process.standardOutput = output
        process.standardError = output
        try process.run()
        try output.fileHandleForWriting.close()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }
}
#endif
