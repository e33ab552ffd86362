public import Foundation

/// Calls `body` with the path of a new empty directory, which is removed afterwards.
public func withTemporaryDirectory<R>(_ body: (String) async throws -> R) async throws -> R {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("kvds-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: url) }
    return try await body(url.path)
}

/// The names in a directory, in order; none when there is no directory.
public func names(at path: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? []
}

/// The content of every file below a directory, by relative path: to see that nothing was damaged.
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

/// Makes a file of these bytes.
public func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
}
