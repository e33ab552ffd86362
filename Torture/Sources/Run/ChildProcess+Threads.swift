import Foundation

extension ChildProcess {
    /// What each of its threads is at, by the system's account: whether it runs, where in the kernel it sleeps, and in which
    /// call, with its arguments. Where there is no `/proc`, or it may not be read, nothing.
    var threads: String {
        let tasks = "/proc/\(id)/task"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
        return names.sorted().map { name in
            func read(_ file: String) -> String {
                let data = try? Data(contentsOf: URL(filePath: "\(tasks)/\(name)/\(file)"))
                return String(decoding: data ?? Data(), as: UTF8.self).trimming(while: \.isWhitespace)
            }
            // The state stands behind the name of the program, which is in parentheses.
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
