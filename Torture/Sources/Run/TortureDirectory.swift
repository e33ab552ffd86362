#if Command
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The directory for the stores of a run.
struct TortureDirectory {
    let path: String

    /// Makes an empty directory.
    ///
    /// - Parameters:
    ///   - parent: the parent directory; nil for a temporary one.
    ///   - title: part of the name.
    init(_ parent: String?, title: String) throws {
        let parent = parent ?? FileManager.default.temporaryDirectory.path
        path = "\(parent)/kvds-torture-\(title.replacing("=", with: "-"))-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// Removes the directory with its contents.
    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
#endif
