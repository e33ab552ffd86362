import Foundation

/// A script in a file of the package, for tests of the package itself.
struct ScriptFile: Sendable, CustomStringConvertible {
    /// The environment variable that lets ``check(_:)`` write the observed outputs into the files.
    static let rewriting = "KVDS_REWRITE_SCRIPTS"

    /// The path, from the root of the package.
    let path: String

    var description: String { path }
    private let url: URL

    /// All scripts in a folder, in the order of their names.
    ///
    /// - Parameters:
    ///   - folder: the path from the root of the package.
    ///   - test: a file of a test target, to find the package.
    static func all(in folder: String, test: String = #filePath) throws -> [ScriptFile] {
        let url = URL(fileURLWithPath: test).deletingLastPathComponent()
            .appendingPathComponent("../../\(folder)").standardizedFileURL
        return try FileManager.default.contentsOfDirectory(atPath: url.path).filter { $0.hasSuffix(".txt") }.sorted()
            .map { ScriptFile(path: "\(folder)/\($0)", url: url.appendingPathComponent($0)) }
    }

    func text() throws -> String { try String(contentsOf: url, encoding: .utf8) }

    /// Runs the script and compares its outputs.
    ///
    /// - Parameters:
    ///   - isReference: whether the run must produce every expected output. With `KVDS_REWRITE_SCRIPTS` in the
    ///     environment, the outputs of such a run become the expected ones.
    ///   - run: returns the outputs of each block.
    /// - Returns: why the script fails; nil if it does not.
    func check(
        isReference: Bool = true, _ run: (Script) async throws -> [[Script.Output]]
    ) async throws -> String? {
        let script = try Script(try text(), file: path)
        let observed: [[Script.Output]]
        do {
            observed = try await run(script)
        } catch let error where !(error is ScriptError) {
            return "\"\(script.name)\" is not so: \(path) throws \(error)"
        }
        if isReference, let variant = script.missingVariant(in: observed) {
            return "\"\(script.name)\" is not so: no run of \(path) has the output \"--- \(variant)\""
        }
        guard let difference = script.difference(from: observed) else { return nil }
        if isReference, ProcessInfo.processInfo.environment[Self.rewriting] != nil {
            try script.text(with: observed).write(to: url, atomically: true, encoding: .utf8)
            return "\(path) was rewritten: read it, and run the tests again"
        }
        return "\"\(script.name)\" is not so: \(difference)"
    }
}
