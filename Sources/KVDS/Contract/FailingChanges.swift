/// A source of changes that only throws.
final class FailingChanges: ChangeSource {
    private let error: StoreError

    init(_ error: StoreError) { self.error = error }

    func nextEvents() async throws(StoreError) -> [ChangeEvent] { throw error }
    func end() {}
}
