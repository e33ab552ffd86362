#if Command
import Foundation
import KVDSTesting

/// A disk under a cache, to which a log is replayed. Its contents at any time are an image that a power failure could
/// leave.
///
/// The disk holds all synced data and an arbitrary part of the rest, in sectors of 512 bytes. Names are safe only after
/// a sync of their directory. Until then they reach the disk either in the order of the changes, as with a journal, or
/// in any order. A rename is atomic.
struct DiskModel {
    /// A change of names that was not synced.
    private struct NameChange {
        let directories: [CachedFile]
        let apply: () -> Void
    }

    private let root: CachedFile
    private let rootPath: String
    private let log: [UInt8]
    private var openings: [UInt64: CachedFile] = [:]
    private var pending: [NameChange] = []
    private var random: SplitMix64
    /// The fraction of unsynced data that reaches the disk.
    private let chance: Double
    private let keepsOrderOfNames: Bool

    /// - Parameters:
    ///   - rootPath: the watched directory, empty and on the disk at the beginning.
    ///   - log: the log to which the records refer.
    ///   - seed: the seed of all random choices.
    ///   - keepsOrderOfNames: whether names reach the disk in the order of the changes; nil for a random choice.
    init(root rootPath: String, log: [UInt8], seed: UInt64, keepsOrderOfNames: Bool?) {
        root = CachedFile(isDirectory: true)
        self.rootPath = rootPath
        self.log = log
        random = SplitMix64(seed: seed)
        chance = [0, 0.02, 0.3, 0.5, 0.7, 0.98, 1].randomElement(using: &random) ?? 0
        self.keepsOrderOfNames = keepsOrderOfNames ?? Bool.random(using: &random)
    }

    /// Applies a record.
    mutating func replay(_ record: IORecord) {
        switch record.action {
        case .open(let path, let isNew, let isEmptied):
            let file = isNew ? CachedFile(isDirectory: false) : find(path)
            if isNew { name(path, file) }
            if isEmptied { file?.setLength(0) }
            openings[record.opening] = file
        case .write(let offset, let bytes, let isThrough):
            guard let file = openings[record.opening] else { return }
            let sectors = file.write(log[bytes], at: offset)
            file.writeBack(sectors, chance: isThrough ? 1 : chance / 2, &random)
        case .sync: if let file = openings[record.opening] { sync(file) }
        case .setLength(let length, let path):
            (path.map(find) ?? openings[record.opening])?.setLength(length)
        case .rename(let path, let other): rename(path, other)
        case .link(let path, let other): name(other, find(path))
        case .unlink(let path), .removeDirectory(let path): name(path, nil)
        case .makeDirectory(let path): name(path, CachedFile(isDirectory: true))
        case .mark: break
        }
    }

    /// Writes back part of the remaining changes, and writes the image to a directory.
    mutating func write(to path: String) throws {
        var rest = pending
        if keepsOrderOfNames {
            rest.prefix(Int((Double(rest.count) * chance).rounded())).forEach { $0.apply() }
        } else {
            rest.shuffle(using: &random)
            for change in rest where Double.random(in: 0..<1, using: &random) < chance { change.apply() }
        }
        try write(root, to: path)
    }

    private mutating func write(_ directory: CachedFile, to path: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, file) in directory.namesOnDisk.sorted(by: { $0.key < $1.key }) {
            if file.isDirectory {
                try write(file, to: "\(path)/\(name)")
            } else {
                file.writeBackSome(chance: chance, &random)
                try Data(file.disk).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
            }
        }
    }

    private mutating func sync(_ file: CachedFile) {
        file.sync()
        guard file.isDirectory else { return }
        for change in pending where change.directories.contains(where: { $0 === file }) { change.apply() }
        pending.removeAll { change in change.directories.contains { $0 === file } }
    }

    /// Gives a file a name, or removes the name if `file` is nil.
    private mutating func name(_ path: String, _ file: CachedFile?) {
        guard let (directory, name) = place(of: path) else { return }
        directory.names[name] = file
        change([directory]) { directory.namesOnDisk[name] = file }
    }

    private mutating func rename(_ path: String, _ other: String) {
        guard let file = find(path), let (from, old) = place(of: path), let (to, new) = place(of: other) else { return }
        from.names[old] = nil
        to.names[new] = file
        change([from, to]) {
            if from.namesOnDisk[old] === file { from.namesOnDisk[old] = nil }
            to.namesOnDisk[new] = file
        }
    }

    private mutating func change(_ directories: [CachedFile], _ apply: @escaping () -> Void) {
        pending.append(NameChange(directories: directories, apply: apply))
        // The journal may be written at any time, as a whole.
        guard keepsOrderOfNames, Double.random(in: 0..<1, using: &random) < chance / 4 else { return }
        pending.forEach { $0.apply() }
        pending = []
    }

    private func find(_ path: String) -> CachedFile? {
        if path == rootPath { return root }
        return place(of: path).flatMap { $0.directory.names[$0.name] }
    }

    private func place(of path: String) -> (directory: CachedFile, name: String)? {
        var parts = path.dropFirst(rootPath.count).split(separator: "/").map(String.init)
        guard let name = parts.popLast() else { return nil }
        var directory = root
        for part in parts {
            guard let next = directory.names[part] else { return nil }
            directory = next
        }
        return (directory, name)
    }
}
#endif
