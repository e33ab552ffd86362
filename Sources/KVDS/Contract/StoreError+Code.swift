extension StoreError {
    /// The kind of a failure. Engines and layers may define additional codes.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// A short, stable name, which identifies the code.
        public let description: String
        /// The advice of an error that has no advice of its own.
        public let advice: Advice

        public init(_ name: String, advice: Advice) {
            self.description = name
            self.advice = advice
        }

        public static func == (left: Code, right: Code) -> Bool { left.description == right.description }
        public func hash(into hasher: inout Hasher) { hasher.combine(description) }
    }
}

extension StoreError.Code {
    /// The key is empty or longer than the store allows. Nothing changed.
    public static let invalidKey = Self("invalidKey", advice: .usageError)
    /// The value is longer than the store allows. Nothing changed.
    public static let invalidValue = Self("invalidValue", advice: .usageError)
    /// A disk store cannot have this id.
    public static let invalidStoreID = Self("invalidStoreID", advice: .usageError)
    /// An argument or a setting is invalid.
    public static let invalidArgument = Self("invalidArgument", advice: .usageError)
    /// The store, or the distributor it came from, was closed.
    public static let closed = Self("closed", advice: .reopen)
    /// The snapshot was closed. Take another one.
    public static let snapshotEnded = Self("snapshotEnded", advice: .usageError)
    /// The scan or snapshot exceeded the store's age limit and was ended. Begin again, and hold it for a shorter time.
    public static let snapshotExpired = Self("snapshotExpired", advice: .retry)
    /// The store does not have the capability that the call needs.
    public static let notSupported = Self("notSupported", advice: .usageError)
    /// The task was cancelled before the call had any effect.
    public static let cancelled = Self("cancelled", advice: .none)
    /// The same files are already open, in this process or in another one.
    public static let storeInUse = Self("storeInUse", advice: .inUse)
    /// The disk failed during a commit, which may or may not have been made. The store accepts no more writes.
    public static let outcomeUnknown = Self("outcomeUnknown", advice: .outcomeUnknown)
    /// An earlier commit threw ``outcomeUnknown``. Reads continue; writes are refused until the store is reopened.
    public static let writesRefused = Self("writesRefused", advice: .reopen)
    /// An operation of the operating system failed. Nothing changed.
    public static let ioFailure = Self("ioFailure", advice: .retry)
    /// The disk is full. Nothing changed.
    public static let diskFull = Self("diskFull", advice: .freeResources)
    /// The store has reached its configured maximum size. Nothing changed. Deleting entries makes room.
    public static let storeFull = Self("storeFull", advice: .freeResources)
    /// Too many scans and snapshots are open. End some of them, or raise the configured number of readers.
    public static let tooManySnapshots = Self("tooManySnapshots", advice: .retry)
    /// The store is busy with an operation that did not end in time. Nothing changed.
    public static let busy = Self("busy", advice: .retry)
    /// Another commit changed something that the transaction had read. The transaction changed nothing.
    public static let conflict = Self("conflict", advice: .retry)
    /// Transactions waited for each other in a cycle, and this one was rolled back so that the others could continue.
    /// Begin another one and repeat the work.
    public static let deadlock = Self("deadlock", advice: .retry)
    /// Another transaction held a lock for longer than the time limit. This transaction continues.
    public static let lockTimeout = Self("lockTimeout", advice: .retry)
    /// The transaction has ended: it was committed or rolled back. Begin another one.
    public static let transactionEnded = Self("transactionEnded", advice: .usageError)
    /// The files are damaged.
    public static let corrupt = Self("corrupt", advice: .restore)
    /// The files are not a store of this package.
    public static let foreignFormat = Self("foreignFormat", advice: .usageError)
    /// The files were written by a newer version of this package.
    public static let newerFormat = Self("newerFormat", advice: .upgrade)
    /// The path of a directory leads to a file.
    public static let notADirectory = Self("notADirectory", advice: .usageError)
    /// The process or the system cannot open any more files.
    public static let tooManyFiles = Self("tooManyFiles", advice: .freeResources)
    /// The file, directory or transaction does not exist.
    public static let notFound = Self("notFound", advice: .usageError)
    /// The process has no permission to read or write the files.
    public static let permissionDenied = Self("permissionDenied", advice: .freeResources)
    /// None of the given backends has the scheme of the URL.
    public static let unknownBackend = Self("unknownBackend", advice: .usageError)
}
