#if Command
import Foundation

/// Standard output for a child whose parent must receive each line immediately.
enum Output {
    static func say(_ line: String) { try? FileHandle.standardOutput.write(contentsOf: Data("\(line)\n".utf8)) }
}
#endif
