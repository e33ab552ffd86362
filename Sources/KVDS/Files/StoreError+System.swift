import KVDSSystem

extension StoreError {
    /// Translates an error number of the operating system to an error of a store.
    ///
    /// - Parameter action: the action that failed, such as "open".
    package static func system(_ number: Int32, _ action: String, _ path: String) -> StoreError {
        let reason = unsafe String(cString: strerror(number))
        let (code, hint): (Code, String) =
            switch number {
            case ENOENT: (.notFound, "check the path")
            case EACCES, EPERM, EROFS: (.permissionDenied, "give this user the right to read and write it")
            case ENOTDIR, EISDIR: (.notADirectory, "a directory is needed here; move what is in its place")
            case ENOSPC, EDQUOT: (.diskFull, "make room on the disk")
            case EMFILE, ENFILE: (.tooManyFiles, "raise the limit of open files, or close some")
            case ENAMETOOLONG, EINVAL: (.invalidArgument, "use another path")
            default: (.ioFailure, "look at the disk")
            }
        return StoreError(code, "Cannot \(action) \(path): \(reason); \(hint).", store: path)
    }

    /// The error for a symbolic link in a place where a store does not follow one.
    static func symbolicLink(_ path: String, _ code: Code) -> StoreError {
        StoreError(
            code,
            "\(path) is a symbolic link, which a store does not follow in its directory; replace it with its target, or remove it.",
            store: path)
    }
}
