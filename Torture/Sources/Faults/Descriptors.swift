#if Command
import Foundation

/// The open files of this process.
enum Descriptors {
    /// The target of each descriptor; empty if the system does not report it.
    static var all: [String: String] {
        let folder = "/proc/self/fd"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return Dictionary(
            uniqueKeysWithValues: names.compactMap { name in
                let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)")
                return target.map { (name, $0) }
            })
    }

    /// Throws if files are open that are not in `before`. Ignores timers and the like, which belong to the runtime.
    static func check(since before: [String: String]) throws {
        let more = all.filter { before[$0.key] == nil && $0.value.hasPrefix("/") }
        try require(more.isEmpty, "More files are open than before: \(more.values.sorted().joined(separator: ", ")).")
    }
}
#endif
