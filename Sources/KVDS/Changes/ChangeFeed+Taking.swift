/// The subscriber's side of the feed.
extension ChangeFeed {
    /// The next step of a subscriber.
    enum Step {
        case wait
        case gap(from: Revision, to: Revision)
        case records([ChangeRecord])
        /// There are no more events, for this reason.
        case end(StoreError)
        /// The subscription has ended.
        case unsubscribed
    }

    /// Takes the next gap or the next commits for a subscriber, at most `limit` commits.
    func take(_ id: SubscriberID, limit: Int) -> Step {
        state.withLock { state in
            guard let subscriber = state.subscribers[id] else { return state.end.map(Step.end) ?? .unsubscribed }
            switch subscriber.place {
            case .beginning, .atEnd: return state.end.map(Step.end) ?? .wait
            case .ahead(let since, let store):
                state.subscribers[id]?.place = .at(store)
                return .gap(from: since, to: store)
            case .at(let position):
                switch state.log.answer(after: position, limit: limit, needsPrevious: subscriber.needsPrevious) {
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

    /// Waits until there is something to take. If its task is cancelled, the subscriber is unsubscribed.
    func wait(_ id: SubscriberID) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { (waker: Waker) in
                // A later cancellation finds the waker.
                let waits = state.withLock { state in !Task.isCancelled && state.wait(id, waker) }
                if !waits { waker.resume() }
            }
        } onCancel: {
            unsubscribe(id)
        }
    }
}

extension ChangeFeed.State {
    /// Registers the waker of a subscriber.
    ///
    /// - Returns: false if the subscriber need not wait.
    fileprivate mutating func wait(_ id: SubscriberID, _ waker: ChangeFeed.Waker) -> Bool {
        guard end == nil, let subscriber = subscribers[id] else { return false }
        switch subscriber.place {
        case .ahead: return false
        case .beginning, .atEnd: break
        case .at(let position):
            guard position == log.last else { return false }
            subscribers[id]?.place = .atEnd
        }
        waiting.append(ChangeSubscriber.Waiting(id, subscriber, waker))
        return true
    }
}

/// Polling for commits of other processes.
extension ChangeFeed {
    /// Notes that a task polls.
    ///
    /// - Returns: whether the caller must start that task, because no task polls yet.
    func beginPolling() -> Bool {
        state.withLock { state in
            defer { state.isPolled = true }
            return !state.isPolled
        }
    }

    /// Whether polling must continue, because there are subscribers.
    func continuesPolling() -> Bool {
        state.withLock { state in
            state.isPolled = !state.subscribers.isEmpty && state.end == nil
            return state.isPolled
        }
    }

    /// Whether `revision` is greater than the last one that the feed knows.
    func isBehind(_ revision: Revision) -> Bool {
        state.withLock { state in state.log.last.map { $0 < revision } ?? false }
    }
}
