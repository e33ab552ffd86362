/// The subscriber's side of the feed.
extension ChangeFeed {
    /// What is next for a subscriber.
    enum Step {
        case wait
        case gap(from: Revision, to: Revision)
        case records([ChangeRecord])
        /// There is nothing more.
        case end(StoreError)
        /// It was unsubscribed.
        case unsubscribed
    }

    /// Takes what is there for a subscriber, at most `limit` commits.
    func take(_ id: SubscriberID, limit: Int) -> Step {
        state.withLock { state in
            guard let subscriber = state.subscribers[id] else { return state.end.map(Step.end) ?? .unsubscribed }
            switch subscriber.place {
            case .beginning, .atEnd: return state.end.map(Step.end) ?? .wait
            case .ahead(let since, let store):
                state.subscribers[id]?.place = .at(store)
                return .gap(from: since, to: store)
            case .at(let position):
                switch state.ring.answer(after: position, limit: limit, needsPrevious: subscriber.needsPrevious) {
                case .nothing: return state.end.map(Step.end) ?? .wait
                case .gap(let end):
                    state.subscribers[id]?.place = .at(end)
                    return .gap(from: position, to: end)
                case .records(let records):
                    state.subscribers[id]?.place = .at(records.last?.revision ?? position)
                    return .records(records)
                }
            }
        }
    }

    /// Waits until there is something to take. A subscriber whose task is cancelled is unsubscribed.
    func wait(_ id: SubscriberID) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { (waker: Waker) in
                // A task that is cancelled from here on finds the waker.
                let waits = state.withLock { state in !Task.isCancelled && state.wait(id, waker) }
                if !waits { waker.resume() }
            }
        } onCancel: {
            unsubscribe(id)
        }
    }
}

extension ChangeFeed.State {
    /// - Returns: false when there is no need to wait.
    fileprivate mutating func wait(_ id: ChangeFeed.SubscriberID, _ waker: ChangeFeed.Waker) -> Bool {
        guard end == nil, let subscriber = subscribers[id] else { return false }
        switch subscriber.place {
        case .ahead: return false
        case .beginning, .atEnd: break
        case .at(let position):
            guard position == ring.last else { return false }
            subscribers[id]?.place = .atEnd
        }
        waiting.append(ChangeSubscriber.Waiting(id, subscriber, waker))
        return true
    }
}

/// Looking for commits of other processes.
extension ChangeFeed {
    /// - Returns: whether the caller is to begin to look.
    func beginLooking() -> Bool {
        state.withLock { state in
            defer { state.isLookedAfter = true }
            return !state.isLookedAfter
        }
    }

    /// Whether there is still anybody to look for.
    func goesOnLooking() -> Bool {
        state.withLock { state in
            state.isLookedAfter = !state.subscribers.isEmpty && state.end == nil
            return state.isLookedAfter
        }
    }

    /// Whether the feed does not know of `revision` yet.
    func isBehind(_ revision: Revision) -> Bool {
        state.withLock { state in state.ring.last.map { $0 < revision } ?? false }
    }
}
