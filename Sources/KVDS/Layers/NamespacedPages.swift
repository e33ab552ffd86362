/// The pages of a scan, with the keys of a namespace.
final class NamespacedPages: EntryPageSource {
    private let base: any EntryPageSource
    private let namespace: Namespace
    private let description: String

    init(_ base: any EntryPageSource, _ namespace: Namespace, of description: String) {
        self.base = base
        self.namespace = namespace
        self.description = description
    }

    func nextPage() async throws(StoreError) -> EntryPage? {
        do throws(StoreError) {
            return try await base.nextPage().flatMap(namespace.inner)
        } catch {
            throw namespace.inner(error, of: description)
        }
    }

    func end() { base.end() }
}
