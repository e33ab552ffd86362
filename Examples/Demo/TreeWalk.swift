import KVDS
import KVDSSystem

/// A walk through a directory tree, some entries at a time. Links are listed and not followed.
struct TreeWalk {
    private var directories: [String]
    private var found: [Entry] = []

    init(root: String) { directories = [root] }

    /// The next entries, at most `count`; none at the end.
    mutating func next(_ count: Int) -> [Entry] {
        while found.count < count, let directory = directories.popLast() { list(directory) }
        defer { found.removeFirst(min(count, found.count)) }
        return Array(found.prefix(count))
    }

    private mutating func list(_ directory: String) {
        guard let stream = unsafe opendir(directory) else { return }
        defer { unsafe closedir(stream) }
        while let item = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &item.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name == "." || name == ".." { continue }
            let path = "\(directory)/\(name)"
            var status = stat()
            guard unsafe lstat(path, &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR { directories.append(path) }
            // The keys of LMDB have at most 511 bytes.
            let key = Bytes(path.trimmed)
            if key.count <= 511 { found.append(Entry(key: key, value: Bytes(status.json))) }
        }
    }
}

extension stat {
    fileprivate var json: String {
        #if canImport(Darwin)
        let time = st_mtimespec.tv_sec
        #else
        let time = st_mtim.tv_sec
        #endif
        return "{\"size\":\(st_size),\"mode\":\(st_mode),\"time\":\(time)}"
    }
}

/// The directory for temporary files.
var temporaryDirectory: String {
    if let path = unsafe getenv("TMPDIR") { return unsafe String(cString: path) }
    return "/tmp"
}

/// Removes a directory and everything in it.
func removeTree(_ directory: String) {
    if let stream = unsafe opendir(directory) {
        while let item = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &item.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { removeTree("\(directory)/\(name)") }
        }
        unsafe closedir(stream)
    }
    unsafe remove(directory)
}
