#if Command
import Foundation
import KVDSSystem

/// A small disk that fills up quickly and can get free space again.
struct SmallDisk {
    enum Kind: String, CaseIterable {
        /// A mounted ext4 image; needs root.
        case ext4
        /// A mounted tmpfs; needs root.
        case tmpfs
        /// A directory whose files may grow only up to a limit.
        case injected
    }

    private static let size = 24 << 20
    private static let ballastSize = 8 << 20

    let kind: Kind
    /// The absolute path of the mount point or directory.
    let path: String

    /// Makes a disk in `directory`.
    ///
    /// - Returns: nil if this kind of disk is not available.
    init?(_ kind: Kind, in directory: String) throws {
        self.kind = kind
        path = "\(directory)/disk"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        switch kind {
        case .ext4:
            let image = "\(directory)/image"
            _ = FileManager.default.createFile(atPath: image, contents: nil)
            guard unsafe truncate(image, off_t(Self.size)) == 0,
                SmallDisk.run(["mkfs.ext4", "-q", "-F", "-m", "0", image]),
                SmallDisk.run(["mount", "-o", "loop", image, path])
            else { return nil }
        case .tmpfs:
            guard SmallDisk.run(["mount", "-t", "tmpfs", "-o", "size=\(Self.size)", "tmpfs", path]) else { return nil }
        case .injected:
            FaultyIO.watch(path)
            FaultyIO.limitGrowth(to: Self.size - Self.ballastSize)
            return
        }
        try Data(repeating: 1, count: Self.ballastSize).write(to: URL(fileURLWithPath: "\(path)/ballast"))
    }

    /// Frees some space.
    func makeRoom() throws {
        switch kind {
        case .ext4, .tmpfs: try FileManager.default.removeItem(atPath: "\(path)/ballast")
        case .injected: FaultyIO.limitGrowth(to: Self.ballastSize)
        }
    }

    /// Removes the disk with its contents, even if a failed check left a store open on it.
    func remove() {
        switch kind {
        case .ext4, .tmpfs: _ = SmallDisk.run(["umount", "-l", path])
        case .injected: FaultyIO.watch(nil)
        }
    }

    /// Runs a system program.
    ///
    /// - Returns: whether it exists and succeeded.
    private static func run(_ command: [String]) -> Bool {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for descriptor: Int32 in [1, 2] {
            unsafe posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
        }
        var words = unsafe command.map { unsafe strdup($0) } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        var number: pid_t = 0
        var status: Int32 = 0
        guard unsafe posix_spawnp(&number, command[0], &actions, nil, &words, environ) == 0 else { return false }
        return unsafe waitpid(number, &status, 0) == number && status == 0
    }
}
#endif
