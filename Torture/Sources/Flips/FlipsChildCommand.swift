#if Command
import ArgumentParser
import Foundation
import KVDS

struct FlipsChildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "flips-child", shouldDisplay: false)

    @Argument var backend: TortureBackend
    @Argument var base: String
    @Argument var copy: String
    @Flag var broken = false

    func run() async throws {
        let files = FileManager.default
        while let line = readLine() {
            let words = line.split(separator: " ")
            guard words.count == 3, let offset = Int(words[1]), let mask = UInt8(words[2]) else { return }
            try? files.removeItem(atPath: copy)
            try files.copyItem(atPath: base, toPath: copy)
            let file = URL(fileURLWithPath: "\(copy)/\(words[0])")
            var bytes = [UInt8](try Data(contentsOf: file))
            bytes[offset] ^= mask
            try Data(bytes).write(to: file)
            let outcome = await FlipsStore.outcome(at: copy, backend, isBroken: broken)
            try FileHandle.standardOutput.write(contentsOf: Data("\(outcome.kind.rawValue) \(outcome.detail)\n".utf8))
        }
    }
}
#endif
