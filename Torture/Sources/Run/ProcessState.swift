import CAllocator

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What this process holds now, by the system's account. Where there is no `/proc`, all is 0.
struct ProcessState {
    var descriptors: Int
    var threads: Int
    /// Memory in use, in bytes, as the system sees it.
    var residentBytes: Int
    /// Memory in use, in bytes, as the allocator sees it: exact, and without what it keeps for later.
    var allocatedBytes: Int

    static var now: ProcessState {
        ProcessState(
            // The listing holds one itself.
            descriptors: max(0, names("/proc/self/fd") - 1), threads: status("Threads:"),
            residentBytes: status("VmRSS:") << 10, allocatedBytes: kvds_allocated_bytes())
    }

    private static func names(_ path: String) -> Int {
        (try? FileManager.default.contentsOfDirectory(atPath: path).count) ?? 0
    }

    private static func status(_ field: String) -> Int {
        guard let data = try? Data(contentsOf: URL(filePath: "/proc/self/status")) else { return 0 }
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") where line.hasPrefix(field) {
            return line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
        }
        return 0
    }
}
