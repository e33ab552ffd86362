import Synchronization

/// One subscription to a store's changes.
///
/// `@unchecked Sendable` is right because `isAsked` admits one call at a time, and only that call uses the mutable
/// state.
final class ChangeSubscription<Engine: StorageEngine>: ChangeSource, @unchecked Sendable {
    private let store: EmbeddedStore<Engine>
    private let range: KeyRange
    private let options: ChangeOptions
    private let id: SubscriberID
    /// Whether the store's revision must be determined first, to compare it with the subscriber's position.
    private var mustAsk: Bool
    private var pace = WakeupThrottle()
    private let isAsked = Atomic(false)

    init(_ store: EmbeddedStore<Engine>, _ range: KeyRange, since: Revision?, _ options: ChangeOptions) {
        self.store = store
        self.range = range
        self.options = options
        // If other processes commit too, the records of this one do not determine the store's revision.
        mustAsk = since != nil || store.engine.isShared
        id = store.feed.subscribe(range, after: since, needsPrevious: options.previousValues)
        store.pollExternalCommits()
    }

    deinit { end() }

    func end() { store.feed.unsubscribe(id) }

    func nextEvents() async throws(StoreError) -> [ChangeEvent] {
        if isAsked.exchange(true, ordering: .acquiring) { throw .iteratorIsAsked(store.description) }
        defer { isAsked.store(false, ordering: .releasing) }
        do throws(StoreError) {
            if mustAsk {
                mustAsk = false
                try await ask()
            }
            while true {
                switch store.feed.take(id, limit: options.bufferedCommits) {
                case .wait: await wait()
                case .gap(let start, let end): return [.gap(from: start, to: end)]
                case .records(let records):
                    pace.took()
                    let events = records.compactMap { $0.event(in: range, previousValues: options.previousValues) }
                    if !events.isEmpty { return events }
                    // Commits that concern only other subscribers may come without end.
                    if Task.isCancelled { end() }
                case .end(let error): throw error
                case .unsubscribed:
                    throw StoreError(.cancelled, "The subscriber's task was cancelled.", store: store.description)
                }
            }
        } catch {
            end()
            throw error
        }
    }

    private func wait() async {
        if let pause = pace.pause() {
            // A cancelled subscriber is unsubscribed immediately, as in the feed.
            do { try await Task.sleep(for: pause) } catch { end() }
        } else {
            await store.feed.wait(id)
            pace.woken(at: .now)
        }
    }

    /// Gives the feed the store's revision, by committing an empty batch. The batch takes its turn among the others,
    /// and every commit after it is recorded.
    private func ask() async throws(StoreError) {
        do throws(StoreError) {
            try await store.commit(WriteBatch())
        } catch {
            // There are no more commits. The feed delivers the remaining events, then the error.
            if error.code != .closed && error.code != .writesRefused { throw error }
        }
    }
}

extension EmbeddedStore: ChangeFeedProvider {
    public nonisolated func makeChanges(in range: KeyRange, since: Revision?, options: ChangeOptions) -> Changes {
        Changes { ChangeSubscription(self, range, since: since, options) }
    }
}
