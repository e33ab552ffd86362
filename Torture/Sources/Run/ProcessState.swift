#if Command
import CAllocator

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The resources that this process holds, as reported by the system. All are 0 without `/proc`.
struct ProcessState {
    var descriptors: Int
    var threads: Int
    /// The resident memory, in bytes.
    var residentBytes: Int
    /// The memory in use according to the allocator, in bytes: exact, and without memory that the allocator keeps for
    /// later.
    var allocatedBytes: Int

    static var now: ProcessState {
        ProcessState(
            // Listing the directory opens one descriptor.
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
#endif
