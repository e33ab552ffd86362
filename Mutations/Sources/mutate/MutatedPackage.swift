import Foundation

/// A copy of the package that contains every mutation. An environment variable selects one.
struct MutatedPackage {
    /// The environment variable with the number of the active mutation.
    static let variable = "KVDS_MUTATION"
    /// The environment variable with the names of the checks to run, one a line. Without it, all are run.
    static let checks = "KVDS_MUTATION_CHECKS"

    let root: URL
    let copy: URL

    private static let copied = ["Package.swift", "Sources", "Tests", "Examples", "Fuzzing", "Torture"]

    /// Updates the copy. An unchanged file keeps its modification date, so that little is compiled again.
    func write(_ mutations: [Mutation]) throws {
        let byFile = Dictionary(grouping: mutations, by: \.file)
        var texts: [String: Data] = [:]
        for path in try MutatedPackage.copied.flatMap(files) {
            texts[path] = try Data(contentsOf: root.appendingPathComponent(path))
        }
        for (file, mutations) in byFile {
            guard let data = texts[file] else { throw MutationError("\(mutations[0].name): no file \(file)") }
            let text = String(decoding: data, as: UTF8.self)
            texts[file] = Data(try MutatedSource.apply(mutations, to: text).utf8)
        }
        for folder in Set(mutations.map(\.targetFolder)) {
            texts["\(folder)/Mutated.swift"] = Data(MutatedPackage.selector.utf8)
        }
        try selectChecks(&texts)
        for path in try MutatedPackage.copied.flatMap({ try files($0, in: copy) }) where texts[path] == nil {
            try FileManager.default.removeItem(at: copy.appendingPathComponent(path))
        }
        for (path, data) in texts { try update(path, data) }
    }

    /// Makes the copy run only those checks of the conformance suite that the environment names. There are more than a
    /// hundred, and a mutation concerns only a few.
    private func selectChecks(_ texts: inout [String: Data]) throws {
        let path = "Sources/KVDSTesting/Conformance/StoreConformance.swift"
        let start = "let context = CheckContext(suite: self)"
        guard let text = texts[path].map({ String(decoding: $0, as: UTF8.self) }), text.contains(start) else {
            throw MutationError("\(path) has no `\(start)`")
        }
        let choice = """
            if let names = ProcessInfo.processInfo.environment["\(MutatedPackage.checks)"],
                !names.split(separator: "\\n").contains(check.name[...])
            {
                return .passed
            }
            \(start)
            """
        texts[path] = Data("import Foundation\n\(text.replacing(start, with: choice))".utf8)
    }

    /// Builds the tests.
    ///
    /// - Returns: the names of the mutations whose code has compiler errors; empty if the build succeeds.
    func build(_ mutations: [Mutation]) throws -> Set<String> {
        let (status, output) = try Command.run(
            [
                "swift", "build", "--build-tests", "--traits", "default,Command", "--package-path", copy.path,
                "-Xswiftc", "-suppress-warnings",
            ])
        if status == 0 { return [] }
        let errors = output.components(separatedBy: "\n").filter { $0.contains(": error: ") }
        var culprits: Set<String> = []
        for error in Set(errors) {
            print(error.replacingOccurrences(of: "\(copy.path)/", with: ""))
            let parts = error.components(separatedBy: ":")
            guard let line = parts.dropFirst().first.flatMap(Int.init) else { continue }
            let text = try String(contentsOf: URL(fileURLWithPath: parts[0]), encoding: .utf8)
            // The number of the mutation is on this line or a few lines above it.
            let above = text.components(separatedBy: "\n").prefix(line).suffix(12).reversed()
            for candidate in above {
                guard let number = candidate.firstMatch(of: /mutated\((\d+)\)/).flatMap({ Int($0.1) }) else { continue }
                culprits.formUnion(mutations.filter { $0.number == number }.map(\.name))
                break
            }
        }
        if culprits.isEmpty { throw MutationError("the copy does not compile:\n\(output.suffix(4_000))") }
        return culprits
    }

    /// The test program.
    var testProgram: URL { copy.appendingPathComponent(".build/debug/kvdsPackageTests.xctest") }

    private func files(_ path: String) throws -> [String] { try files(path, in: root) }

    private func files(_ path: String, in folder: URL) throws -> [String] {
        let url = folder.appendingPathComponent(path)
        let values = try? url.resourceValues(forKeys: [.isDirectoryKey])
        guard let isDirectory = values?.isDirectory else { return [] }
        if !isDirectory { return [path] }
        return try FileManager.default.subpathsOfDirectory(atPath: url.path).map { "\(path)/\($0)" }.filter {
            let values = try? folder.appendingPathComponent($0).resourceValues(forKeys: [.isRegularFileKey])
            return values?.isRegularFile == true
        }
    }

    private func update(_ path: String, _ data: Data) throws {
        let url = copy.appendingPathComponent(path)
        if (try? Data(contentsOf: url)) == data { return }
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url)
        // A generated file has no original whose mode could be copied.
        let attributes = try? FileManager.default.attributesOfItem(atPath: root.appendingPathComponent(path).path)
        if let mode = attributes?[.posixPermissions] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: url.path)
        }
    }

    /// A file that is added to every mutated target.
    private static let selector = """
        #if canImport(Darwin)
        import Darwin
        #elseif canImport(Musl)
        import Musl
        #else
        import Glibc
        #endif

        private let active = unsafe getenv("\(variable)").flatMap { unsafe Int(String(cString: $0)) } ?? 0

        @usableFromInline
        func mutated(_ number: Int) -> Bool { number == active }

        """
}
