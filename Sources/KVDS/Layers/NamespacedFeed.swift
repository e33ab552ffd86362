/// The change feed of a namespace.
///
/// A subscriber to `.all` receives every commit of the underlying store. A commit that changed nothing in the namespace
/// has no changes. A subscriber to another range receives the commits that changed a key in it.
struct NamespacedFeed: ChangeFeedProvider {
    let base: any ChangeFeedProvider
    let store: NamespacedStore

    func makeChanges(in range: KeyRange, since: Revision?, options: ChangeOptions) -> Changes {
        let outer = range == .all ? .all : store.namespace.outer(range)
        let changes = base.makeChanges(in: outer, since: since, options: options)
        return Changes { NamespacedEvents(changes.makeSource(), of: store) }
    }
}

/// The events of one subscription, with the keys of a namespace.
private final class NamespacedEvents: ChangeSource {
    private let base: any ChangeSource
    private let store: NamespacedStore

    init(_ base: any ChangeSource, of store: NamespacedStore) {
        self.base = base
        self.store = store
    }

    func nextEvents() async throws(StoreError) -> [ChangeEvent] {
        do throws(StoreError) {
            return try await base.nextEvents().map(store.namespace.inner)
        } catch {
            throw store.translated(error)
        }
    }

    func end() { base.end() }
}
