#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where a run keeps its stores.
struct TortureDirectory {
    let path: String

    /// Makes an empty directory.
    ///
    /// - Parameters:
    ///   - parent: where; nil for a temporary place.
    ///   - title: part of its name.
    init(_ parent: String?, title: String) throws {
        let parent = parent ?? FileManager.default.temporaryDirectory.path
        path = "\(parent)/kvds-torture-\(title.replacing("=", with: "-"))-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// Removes it with all that is in it.
    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
