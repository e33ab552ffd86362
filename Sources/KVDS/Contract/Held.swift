/// Where pages or events come from, together with what it was made from and keeps.
final class Held<Base: Sendable>: Sendable {
    private let base: Base
    private let owner: any AnyObject & Sendable

    init(_ base: Base, by owner: any AnyObject & Sendable) {
        self.base = base
        self.owner = owner
    }
}

extension Held: EntryPageSource where Base == any EntryPageSource {
    func nextPage() async throws(StoreError) -> EntryPage? { try await base.nextPage() }
    func end() { base.end() }
}

extension Held: ChangeSource where Base == any ChangeSource {
    func nextEvents() async throws(StoreError) -> [ChangeEvent] { try await base.nextEvents() }
    func end() { base.end() }
}

extension Entries {
    /// The same entries, whose iterations keep `owner`.
    func holding(_ owner: some AnyObject & Sendable) -> Entries {
        let makeSource = makeSource
        return Entries { Held(makeSource(), by: owner) }
    }
}

extension Changes {
    /// The same changes, whose subscriptions keep `owner`.
    func holding(_ owner: some AnyObject & Sendable) -> Changes {
        let makeSource = makeSource
        return Changes { Held(makeSource(), by: owner) }
    }
}
