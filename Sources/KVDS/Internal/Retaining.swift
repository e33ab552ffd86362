/// Wraps a source of pages or changes, and keeps its owner alive.
final class Retaining<Base: Sendable>: Sendable {
    private let base: Base
    private let owner: any AnyObject & Sendable

    init(_ base: Base, by owner: any AnyObject & Sendable) {
        self.base = base
        self.owner = owner
    }
}

extension Retaining: EntryPageSource where Base == any EntryPageSource {
    func nextPage() async throws(StoreError) -> EntryPage? { try await base.nextPage() }
    func end() { base.end() }
}

extension Retaining: ChangeSource where Base == any ChangeSource {
    func nextEvents() async throws(StoreError) -> [ChangeEvent] { try await base.nextEvents() }
    func end() { base.end() }
}

extension Entries {
    /// The same entries, whose iterations keep `owner` alive.
    func retaining(_ owner: some AnyObject & Sendable) -> Entries {
        let makeSource = makeSource
        return Entries { Retaining(makeSource(), by: owner) }
    }
}

extension Changes {
    /// The same changes, whose subscriptions keep `owner` alive.
    func retaining(_ owner: some AnyObject & Sendable) -> Changes {
        let makeSource = makeSource
        return Changes { Retaining(makeSource(), by: owner) }
    }
}
