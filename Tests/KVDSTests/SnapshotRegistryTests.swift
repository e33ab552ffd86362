import Testing

@testable import KVDS

@Suite("SnapshotRegistry", .timeLimit(.minutes(1)))
struct SnapshotRegistryTests {
    /// A snapshot that is revoked, and released when the test decides.
    private final class View: Revocable {
        let isNotified = Monitor(false)

        func revoke(_ reason: RevocationReason) {
            isNotified.withLock { $0 = true }
            isNotified.wakeAll()
        }
    }

    private struct Added {
        weak var view: View?
        let index: Int
    }

    private static func add(to registry: SnapshotRegistry) -> Added {
        let view = View()
        return Added(view: view, index: registry.add(view))
    }

    @Test("a registered snapshot is kept and counted until it is removed, and not afterwards")
    func counting() {
        let registry = SnapshotRegistry()
        let added = (0..<3).map { _ in Self.add(to: registry) }
        #expect(registry.count == 3)
        for (number, one) in added.enumerated() {
            #expect(one.view != nil)
            registry.remove(one.index)
            #expect(one.view == nil)
            #expect(registry.count == 2 - number)
        }
        #expect(registry.oldestAge == nil)
        let again = Self.add(to: registry)
        #expect(registry.count == 1 && again.view != nil)
    }

    @Test("a snapshot registered weakly is revoked, and is not kept alive without its holder")
    func weakly() {
        let registry = SnapshotRegistry()
        var added: Added?
        do {
            let view = View()
            added = Added(view: view, index: registry.addWeakly(view))
            registry.revokeEach(.closed)
            #expect(view.isNotified.withLock { $0 })
        }
        #expect(added?.view == nil)
        #expect(registry.count == 1, "it has not been removed")
    }

    @Test("closing revokes every snapshot and waits until each is removed, and no longer")
    func closing() throws {
        let registry = SnapshotRegistry()
        let view = View()
        let index = registry.add(view)
        let isOver = Monitor(false)
        let thread = try WorkerThreads()
        thread.submit {
            registry.revokeAll()
            isOver.withLock { $0 = true }
            isOver.wakeAll()
        }
        let wasNotified = view.isNotified.wait(.seconds(20)) { $0 ? () : nil } != nil
        #expect(wasNotified)
        // Long enough for a call that does not wait.
        let wasEarly = isOver.wait(.milliseconds(200)) { $0 ? () : nil } != nil
        #expect(!wasEarly, "the view has not let go yet")
        registry.remove(index)
        let wasWoken = isOver.wait(.seconds(20)) { $0 ? () : nil } != nil
        #expect(wasWoken)
    }
}
