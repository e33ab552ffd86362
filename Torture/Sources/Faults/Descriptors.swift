import Foundation

/// The files that this process has open.
enum Descriptors {
    /// What each descriptor stands for; empty where the system does not tell.
    static var all: [String: String] {
        let folder = "/proc/self/fd"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return Dictionary(
            uniqueKeysWithValues: names.compactMap { name in
                let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)")
                return target.map { (name, $0) }
            })
    }

    /// Throws when files are open that were not `before`; timers and the like belong to the run time system.
    static func check(since before: [String: String]) throws {
        let more = all.filter { before[$0.key] == nil && $0.value.hasPrefix("/") }
        try require(more.isEmpty, "More files are open than before: \(more.values.sorted().joined(separator: ", ")).")
    }
}
