public import Foundation

/// Calls `body` with the path of a new, empty directory, and removes the directory afterwards.
public func withTemporaryDirectory<R>(_ body: (String) async throws -> R) async throws -> R {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("kvds-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: url) }
    return try await body(url.path)
}

/// Returns the sorted names in a directory; none if it does not exist.
public func names(at path: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? []
}

/// Returns the content of every file below a directory, by relative path, to check that nothing was damaged.
public func contents(of path: String) throws -> [String: Data] {
    var all: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
        var isDirectory: ObjCBool = false
        guard unsafe FileManager.default.fileExists(atPath: "\(path)/\(name)", isDirectory: &isDirectory),
            !isDirectory.boolValue
        else { continue }
        all[name] = try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)"))
    }
    return all
}

/// Writes a file with these bytes.
public func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
}
