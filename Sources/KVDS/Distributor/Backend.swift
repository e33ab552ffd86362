/// A kind of store, and how to open one: `.memory` here, `.lmdb` and `.rocksDB` from their modules, or one of your own.
///
/// ```swift
/// extension Backend {
///     static let shelf = Backend(name: "shelf", isPersistent: true) { path, configuration throws(StoreError) in
///         try await Shelf(at: path)
///     }
/// }
/// ```
public struct Backend: Sendable {
    /// What ``init(name:isPersistent:open:)`` takes to open a store at a location.
    public typealias Opener =
        @Sendable (_ location: String, _ configuration: StoreConfiguration) async throws(StoreError) ->
        any KeyValueStore

    /// The backend's name: the scheme of its URLs, and its identity.
    public let name: String
    /// Whether its stores live in a directory, which the distributor then makes and passes.
    public let isPersistent: Bool
    /// The one store this backend opens, when it was made from a URL.
    let location: String?
    private let opener: Opener

    /// A backend of your own.
    ///
    /// - Parameters:
    ///   - name: differs from that of every other backend in use.
    ///   - isPersistent: whether a store lives in a directory of its own.
    ///   - open: opens the store at a location: the path of its directory, or the id where the backend is not persistent.
    public init(name: String, isPersistent: Bool, open: @escaping Opener) {
        self.init(name: name, isPersistent: isPersistent, location: nil, opener: open)
    }

    private init(name: String, isPersistent: Bool, location: String?, opener: @escaping Opener) {
        self.name = name
        self.isPersistent = isPersistent
        self.location = location
        self.opener = opener
    }

    /// The backend that opens the store a URL names, whatever id it is asked for.
    ///
    /// - Parameters:
    ///   - url: for example `lmdb:/var/lib/app/users`.
    ///   - backends: those whose names are looked for. A module cannot add itself to this list, so name those you use:
    ///     `[.memory, .lmdb, .rocksDB]`.
    /// - Throws: `.unknownBackend` when none of `backends` has the URL's scheme, `.invalidArgument` when it is no URL or a
    ///   path is missing.
    public init(url: String, among backends: [Backend] = [.memory]) throws(StoreError) {
        let url = try StoreURL(url)
        guard let backend = backends.first(where: { $0.name == url.scheme }) else {
            let known = backends.map { "\($0.name):" }.joined(separator: ", ")
            throw StoreError(.unknownBackend, "No backend serves \(url.scheme): here; there are \(known)")
        }
        if backend.isPersistent, url.location.isEmpty {
            throw StoreError(
                .invalidArgument, "The URL needs the path of the store's directory, as in \(url.scheme):/path")
        }
        self.init(
            name: backend.name, isPersistent: backend.isPersistent, location: url.location, opener: backend.opener)
    }

    /// Opens the store at `location` without a distributor; whoever opens it closes it.
    ///
    /// - Throws: `.storeInUse` when the same files are open already, and what the engine throws.
    public func open(
        at location: String, configuration: StoreConfiguration = StoreConfiguration()
    ) async throws(StoreError) -> any KeyValueStore {
        try await opener(location, configuration)
    }

    /// Opens the store that a backend made from a URL stands for.
    ///
    /// - Throws: as ``open(at:configuration:)``.
    public func open(configuration: StoreConfiguration = StoreConfiguration()) async throws(StoreError)
        -> any KeyValueStore
    {
        try await opener(location ?? "", configuration)
    }

    /// Stores in memory: fast, and gone when they are closed.
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
