import Foundation

/// Standard output, for a child whose parent reads every line at once.
enum Output {
    static func say(_ line: String) { try? FileHandle.standardOutput.write(contentsOf: Data("\(line)\n".utf8)) }
}
