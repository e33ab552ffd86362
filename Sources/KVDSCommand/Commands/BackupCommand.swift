#if Command
import ArgumentParser
import KVDS
import KVDSFormats

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Make a consistent copy of a store while it is in use.",
        discussion: """
            The copy is a store of the same kind; to restore it, put it where the store was.

              kvds backup /backup/users-monday --store lmdb:/var/lib/app/users
              kvds verify --store lmdb:/backup/users-monday
            """)

    @OptionGroup var options: StoreOptions
    @Argument(help: "The directory of the copy. It must be missing or empty.") var destination: String

    func validate() throws {
        // As a path, a URL would become a directory with a colon in its name.
        if let scheme = try? StoreURL(destination).scheme, CommandBackends.all.contains(where: { $0.name == scheme }) {
            throw ValidationError("Give only the path of the copy, without \(scheme):")
        }
    }

    func run() async throws {
        if !Path.isMissingOrEmpty(destination) {
            throw StoreError(
                .invalidArgument, "\(destination) is in use already; give a directory that is missing or empty.")
        }
        let start = ContinuousClock.now
        try await Interruption.cancelling { [self] in try await copy() }
        Descriptor.standardError.report("copied to \(destination) in \((ContinuousClock.now - start).seconds) s")
    }

    /// Makes the copy. If that fails, nothing of it is left.
    private func copy() async throws {
        let wasMissing = !Path.isDirectory(destination)
        try await options.withStore(.existing) { store in
            guard let backups = store.backups else {
                throw StoreError(
                    .invalidArgument, "A store of this kind (\(options.url)) has no files to copy; use kvds export.")
            }
            let progress = ProgressBar("copying", total: await store.knownEntryCount)
            defer { progress.clear() }
            do throws(StoreError) {
                try await backups.copy(to: destination) { progress.update($0) }
            } catch {
                // With these errors the directory is not ours.
                let isTaken = [.invalidArgument, .storeInUse, .notADirectory].contains(error.code)
                if !isTaken { Path.removeTree(destination, contentOnly: !wasMissing) }
                throw error
            }
        }
    }
}
#endif
