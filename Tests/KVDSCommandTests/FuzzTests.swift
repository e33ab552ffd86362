#if Command
import Foundation
import FuzzTargets
import KVDSTesting
import Testing

/// A short version of `make fuzz`: its corpus, unchanged and with random damage, without a fuzzer.
@Suite("The fuzzing corpus", .timeLimit(.minutes(5)))
struct FuzzTests {
    @Test("the fuzzing corpus, intact and damaged, causes no fault", arguments: FuzzTarget.allCases)
    func corpus(_ target: FuzzTarget) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Fuzzing/Corpus/\(target.rawValue)")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(!files.isEmpty)
        var random = SplitMix64(seed: 5)
        for file in files.sorted(by: { $0.path < $1.path }) {
            let input = [UInt8](try Data(contentsOf: file))
            #expect(target.fault(in: input) == nil, "\(file.lastPathComponent)")
            for _ in 0..<300 {
                let damaged = random.damaged(input)
                #expect(target.fault(in: damaged) == nil, "\(file.lastPathComponent) as \(damaged)")
            }
        }
    }
}

extension SplitMix64 {
    /// Returns the bytes after a few local changes.
    mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0...Int(next() % 6) {
            let at = Int(next() % UInt64(bytes.count + 1))
            switch next() % 4 {
            case 0 where at < bytes.count: bytes[at] = UInt8(truncatingIfNeeded: next())
            case 1 where at < bytes.count: bytes[at] ^= 1 << UInt8(next() % 8)
            case 2 where at < bytes.count: bytes.remove(at: at)
            default: bytes.insert(contentsOf: self.bytes(1...3), at: at)
            }
        }
        return bytes
    }
}
#endif
