/// A kind of store and how to open one: `.memory`, `.lmdb` and `.rocksDB` from their modules, or one of your own.
///
/// ```swift
/// extension Backend {
///     static let shelf = Backend(name: "shelf", isPersistent: true) { path, configuration throws(StoreError) in
///         try await Shelf(at: path)
///     }
/// }
/// ```
public struct Backend: Sendable {
    /// Opens a store at a location: see ``init(name:isPersistent:open:)``.
    public typealias Opener =
        @Sendable (_ location: String, _ configuration: StoreConfiguration) async throws(StoreError) ->
        any KeyValueStore

    /// The name of the backend: the scheme of its URLs, and its identity.
    public let name: String
    /// Whether each store has a directory, which the distributor creates and passes to the backend.
    public let isPersistent: Bool
    /// The location of the only store that the backend opens; nil if it was not created from a URL.
    let location: String?
    private let opener: Opener

    /// Creates a backend of your own.
    ///
    /// - Parameters:
    ///   - name: a name that no other backend in use has.
    ///   - isPersistent: whether each store has its own directory.
    ///   - open: opens the store at a location: the path of its directory, or its id if the backend is not persistent.
    public init(name: String, isPersistent: Bool, open: @escaping Opener) {
        self.init(name: name, isPersistent: isPersistent, location: nil, opener: open)
    }

    private init(name: String, isPersistent: Bool, location: String?, opener: @escaping Opener) {
        self.name = name
        self.isPersistent = isPersistent
        self.location = location
        self.opener = opener
    }

    /// Creates a backend that opens the store at a URL, whatever id is requested.
    ///
    /// - Parameters:
    ///   - url: the URL of the store, for example `lmdb:/var/lib/app/users`.
    ///   - backends: the known backends. A module cannot add itself to this list, so pass all backends that you use:
    ///     `[.memory, .lmdb, .rocksDB]`.
    /// - Throws: `.unknownBackend` if none of `backends` has the URL's scheme; `.invalidArgument` if `url` is not a
    ///   store URL or its path is missing.
    public init(url: String, among backends: [Backend] = [.memory]) throws(StoreError) {
        let url = try StoreURL(url)
        guard let backend = backends.first(where: { $0.name == url.scheme }) else {
            let known = backends.map { "\($0.name):" }.joined(separator: ", ")
            throw StoreError(.unknownBackend, "No backend has the scheme \(url.scheme):; known schemes are \(known)")
        }
        if backend.isPersistent, url.location.isEmpty {
            throw StoreError(
                .invalidArgument, "The URL needs the path of the store's directory, as in \(url.scheme):/path")
        }
        self.init(
            name: backend.name, isPersistent: backend.isPersistent, location: url.location, opener: backend.opener)
    }

    /// Opens the store at `location` without a distributor. The caller must close it.
    ///
    /// - Parameters:
    ///   - location: the path of the store's directory, or its id if the backend is not persistent.
    ///   - configuration: the settings of the store.
    /// - Throws: `.storeInUse` if the same files are already open; the errors of the engine.
    public func open(
        at location: String, configuration: StoreConfiguration = StoreConfiguration()
    ) async throws(StoreError) -> any KeyValueStore {
        try await opener(location, configuration)
    }

    /// Opens the store of a backend that was created from a URL. The caller must close it. Another backend gets an
    /// empty location.
    ///
    /// - Throws: as ``open(at:configuration:)``.
    public func open(configuration: StoreConfiguration = StoreConfiguration()) async throws(StoreError)
        -> any KeyValueStore
    {
        try await opener(location ?? "", configuration)
    }

    /// Stores in memory: fast, and lost when they are closed.
    public static let memory = Backend(name: "memory", isPersistent: false) { location, configuration in
        MemoryStore("memory:\(location)", configuration: configuration)
    }
}

extension Backend: Hashable, CustomStringConvertible {
    public static func == (left: Backend, right: Backend) -> Bool {
        left.name == right.name && left.location == right.location
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(location)
    }

    public var description: String { location.map { "\(name):\($0)" } ?? name }
}
