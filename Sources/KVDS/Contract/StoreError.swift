/// Why a call on a store failed, and what to do about it.
///
/// Every public function of this package throws this type and no other, save where a caller's own closure throws.
///
/// ```swift
/// do throws(StoreError) {
///     try await store.set(key, to: value)
/// } catch {
///     if error.advice == .outcomeUnknown {
///         // The write may or may not be there: read before deciding.
///     }
/// }
/// ```
public struct StoreError: Error, Sendable {
    /// What kind of failure this is: the thing to switch on.
    public var code: Code
    /// What happened and what to do, in one or two sentences. It never holds the bytes of a key or a value.
    public var message: String
    /// The store it is about: its description, or its path.
    public var store: String?
    /// The key it is about.
    public var key: Bytes?
    /// The error underneath, where another layer reported one.
    public var cause: (any Error)?
    /// What the caller should do: by default what ``Code`` suggests.
    public var advice: Advice

    public init(
        _ code: Code, _ message: String, store: String? = nil, key: Bytes? = nil, cause: (any Error)? = nil,
        advice: Advice? = nil
    ) {
        self.code = code
        self.message = message
        self.store = store
        self.key = key
        self.cause = cause
        self.advice = advice ?? code.advice
    }
}

extension StoreError: CustomStringConvertible {
    public var description: String {
        var text = store.map { "\($0): \(message)" } ?? message
        if let cause { text += " (\(cause))" }
        return text
    }
}

extension StoreError {
    /// What a caller can do about a failure.
    public struct Advice: Hashable, Sendable, CustomStringConvertible {
        public let description: String
        public init(_ description: String) { self.description = description }

        /// The same call may succeed later; nothing was changed.
        public static let retry = Advice("retry")
        /// The call itself is wrong and will fail again.
        public static let fixTheCall = Advice("fix the call")
        /// Ask for the store again; this one is finished.
        public static let reopen = Advice("reopen")
        /// The change may or may not have been made: read before deciding.
        public static let outcomeUnknown = Advice("outcome unknown")
        /// Give the store what it lacks: disk space, a larger map, permissions.
        public static let freeResources = Advice("free resources")
        /// Close the store where it is open, then try again.
        public static let closeElsewhere = Advice("close it elsewhere")
        /// The data is damaged: restore it from a backup.
        public static let restore = Advice("restore")
        /// Use a newer version of this package.
        public static let upgrade = Advice("upgrade")
        /// Nothing to do: the caller asked for it.
        public static let none = Advice("none")
    }
}
