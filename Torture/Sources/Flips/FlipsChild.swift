#if Command
import ArgumentParser
import Foundation
import KVDS
import KVDSSystem

/// The child process that opens changed stores, one after the other, until one of them ends it.
struct FlipsChild {
    /// Longer than any read of such a small store takes.
    private static let patience: Int32 = 30_000

    private let arguments: [String]
    private var process: Process?
    private var input = Pipe()
    private var output = Pipe()

    init(_ backend: TortureBackend, _ base: String, _ copy: String, isBroken: Bool) {
        arguments = ["flips-child", backend.rawValue, base, copy] + (isBroken ? ["--broken"] : [])
    }

    /// Lets the child open the store with one byte changed.
    mutating func outcome(of place: FlipsStore.Place, _ mask: UInt8) throws -> FlipOutcome {
        if process == nil { try start() }
        try input.fileHandleForWriting.write(contentsOf: Data("\(place.file) \(place.offset) \(mask)\n".utf8))
        var request = pollfd(fd: output.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&request, 1, Self.patience) == 1 else {
            if let process { _ = kill(process.processIdentifier, SIGKILL) }
            _ = try end()
            return FlipOutcome(kind: .hang, detail: "")
        }
        let words = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self).split(
            whereSeparator: \.isWhitespace)
        guard let word = words.first, let kind = FlipOutcome.Kind(rawValue: String(word)) else {
            return FlipOutcome(kind: .crash, detail: try end())
        }
        return FlipOutcome(kind: kind, detail: words.dropFirst().joined(separator: " "))
    }

    private mutating func start() throws {
        (input, output) = (Pipe(), Pipe())
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = arguments
        // Crashes are only counted, so no backtrace is needed.
        process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
        (process.standardInput, process.standardOutput) = (input, output)
        process.standardError = FileHandle.nullDevice
        try process.run()
        self.process = process
    }

    /// Ends the child, if there is one.
    ///
    /// - Returns: how it ended, in words.
    @discardableResult
    mutating func end() throws -> String {
        guard let process else { return "" }
        self.process = nil
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        let status = process.terminationStatus
        return process.terminationReason == .uncaughtSignal ? "signal \(status)" : "exit \(status)"
    }
}
#endif
