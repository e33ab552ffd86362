/// The error of a failed call: what happened, and how to react.
///
/// Every public function of this package throws only this type, unless a closure of the caller throws another error.
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
    /// The kind of the failure, for decisions in code.
    public var code: Code
    /// What happened and what to do, in one or two sentences. It never contains the bytes of a key or a value.
    public var message: String
    /// The store concerned: its description or its path.
    public var store: String?
    /// The key concerned.
    public var key: Bytes?
    /// The underlying error, if there is one.
    public var cause: (any Error)?
    /// What the caller should do. Default: the advice of ``code``.
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

        /// The same call may succeed later; nothing changed.
        public static let retry = Advice("retry")
        /// The call itself is wrong and will fail again.
        public static let usageError = Advice("fix the call")
        /// This store object is no longer usable; open the store again.
        public static let reopen = Advice("reopen")
        /// The change may or may not have been made: read before deciding.
        public static let outcomeUnknown = Advice("outcome unknown")
        /// Provide the missing resource: disk space, a larger map, permissions.
        public static let freeResources = Advice("free resources")
        /// Close the store where it is open, then try again.
        public static let inUse = Advice("close it elsewhere")
        /// The data is damaged: restore it from a backup.
        public static let restore = Advice("restore")
        /// Use a newer version of this package.
        public static let upgrade = Advice("upgrade")
        /// No action: the caller requested it.
        public static let none = Advice("none")
    }
}
