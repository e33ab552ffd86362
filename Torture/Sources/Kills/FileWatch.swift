#if Command
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Detects whether a store's file grows or its set of files changes.
struct FileWatch {
    let directory: String
    /// The store's only file, or nil if it has several.
    let file: String?
    private var before = ""

    init(_ directory: String, _ backend: TortureBackend) {
        self.directory = directory
        file = backend == .lmdb ? "data.mdb" : nil
    }

    mutating func begin() { before = state }
    var haveGrown: Bool { state != before }

    private var state: String {
        let manager = FileManager.default
        guard let file else {
            return ((try? manager.contentsOfDirectory(atPath: directory)) ?? []).sorted().joined(separator: " ")
        }
        let size = try? manager.attributesOfItem(atPath: "\(directory)/\(file)")[.size]
        return "\(size ?? 0)"
    }
}
#endif
