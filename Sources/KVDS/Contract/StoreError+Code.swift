extension StoreError {
    /// The kind of a failure. Open: engines and layers add codes of their own.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// A short stable name, the code's identity.
        public let description: String
        /// What to do where the error says nothing else.
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
    public static let invalidKey = Self("invalidKey", advice: .fixTheCall)
    /// The value is longer than the store allows. Nothing changed.
    public static let invalidValue = Self("invalidValue", advice: .fixTheCall)
    /// The store id cannot be served by a disk store.
    public static let invalidStoreID = Self("invalidStoreID", advice: .fixTheCall)
    /// An argument or a setting has no meaning.
    public static let invalidArgument = Self("invalidArgument", advice: .fixTheCall)
    /// The store, or the distributor it came from, was closed.
    public static let closed = Self("closed", advice: .reopen)
    /// The snapshot was closed: take another one.
    public static let snapshotEnded = Self("snapshotEnded", advice: .fixTheCall)
    /// The scan or snapshot became older than the store's limit and was ended: begin again, and hold it for less time.
    public static let snapshotExpired = Self("snapshotExpired", advice: .retry)
    /// The store does not have the ability that the call needs.
    public static let notSupported = Self("notSupported", advice: .fixTheCall)
    /// The task was cancelled before the call had any effect.
    public static let cancelled = Self("cancelled", advice: .none)
    /// The same files are open elsewhere: in this process, or in another one.
    public static let storeInUse = Self("storeInUse", advice: .closeElsewhere)
    /// The disk failed in the middle of a commit: it may or may not have been made, and the store takes no more writes.
    public static let outcomeUnknown = Self("outcomeUnknown", advice: .outcomeUnknown)
    /// An earlier commit ended with ``outcomeUnknown``: reads go on, writes are refused until the store is reopened.
    public static let writesRefused = Self("writesRefused", advice: .reopen)
    /// The operating system failed a read or an open. Nothing changed.
    public static let ioFailure = Self("ioFailure", advice: .retry)
    /// The disk has no room. Nothing changed.
    public static let diskFull = Self("diskFull", advice: .freeResources)
    /// The store has reached its configured maximum size. Nothing changed, and deleting still makes room.
    public static let storeFull = Self("storeFull", advice: .freeResources)
    /// No more read views can be open at once: end scans or raise the configured number of readers.
    public static let tooManySnapshots = Self("tooManySnapshots", advice: .retry)
    /// The store is busy with something that did not end in time. Nothing changed.
    public static let busy = Self("busy", advice: .retry)
    /// Other writers changed what the transaction had read. Nothing changed.
    public static let conflict = Self("conflict", advice: .retry)
    /// Transactions waited for each other in a circle, and this one was rolled back so that the others could go on. Begin
    /// another one and do it again.
    public static let deadlock = Self("deadlock", advice: .retry)
    /// Another transaction held a lock for too long. This one goes on.
    public static let lockTimeout = Self("lockTimeout", advice: .retry)
    /// The transaction is over: it was committed, or given up. Begin another one.
    public static let transactionEnded = Self("transactionEnded", advice: .fixTheCall)
    /// The files are damaged.
    public static let corrupt = Self("corrupt", advice: .restore)
    /// The files are not a store of this package.
    public static let foreignFormat = Self("foreignFormat", advice: .fixTheCall)
    /// The files were written by a newer version of this package.
    public static let newerFormat = Self("newerFormat", advice: .upgrade)
    /// A file is where a directory should be.
    public static let notADirectory = Self("notADirectory", advice: .fixTheCall)
    /// The process or the system has no more files to open.
    public static let tooManyFiles = Self("tooManyFiles", advice: .freeResources)
    /// There is no such file or directory.
    public static let notFound = Self("notFound", advice: .fixTheCall)
    /// The process may not read or write the files.
    public static let permissionDenied = Self("permissionDenied", advice: .freeResources)
    /// Nobody serves this backend or URL.
    public static let unknownBackend = Self("unknownBackend", advice: .fixTheCall)
    /// The engine needs ``StorageEngine/grow(forWriting:)`` before the call can be repeated. Never seen outside an engine.
    public static let mapFull = Self("mapFull", advice: .retry)
    /// The engine would have to wait for a disk. Never seen outside an engine.
    public static let wouldBlock = Self("wouldBlock", advice: .retry)
}
