import Foundation
import KVDS

/// Comparisons that share a fixture.
struct Suite: Sendable {
    let comparisons: [Comparison]
    /// Frees what was opened.
    let close: @Sendable () async throws -> Void
}

/// What every suite is made with.
struct Settings: Sendable {
    /// Entries in the stores that are read.
    let entries: Int
    /// Where files go.
    let directory: String

    /// A directory that does not exist yet.
    func path(_ name: String) -> String { "\(directory)/\(name)-\(UUID().uuidString.prefix(8))" }
}
