#if Command
import Foundation

extension ChildProcess {
    /// What each of the child's threads is doing: its state, where it sleeps in the kernel, and its system call with
    /// arguments. Empty without a readable `/proc`.
    var threads: String {
        let tasks = "/proc/\(id)/task"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
        return names.sorted().map { name in
            func read(_ file: String) -> String {
                let data = try? Data(contentsOf: URL(filePath: "\(tasks)/\(name)/\(file)"))
                return String(decoding: data ?? Data(), as: UTF8.self).trimming(while: \.isWhitespace)
            }
            // The state follows the name of the program, which is in parentheses.
            let state = read("stat").split(separator: ") ").last?.first.map(String.init) ?? "?"
            return "\nthread \(name) \(state) in \(read("wchan")), call \(read("syscall"))"
        }.joined()
    }
}

extension String {
    fileprivate func trimming(while isDropped: (Character) -> Bool) -> String {
        var rest = self[...]
        while let last = rest.last, isDropped(last) { rest.removeLast() }
        return String(rest)
    }
}
#endif
