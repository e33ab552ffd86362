import Testing

@testable import KVDS

@Suite("SnapshotRegistry", .timeLimit(.minutes(1)))
struct SnapshotRegistryTests {
    /// A snapshot that is revoked, and released when the test decides.
    private final class View: Revocable {
        let isTold = Monitor(false)

        func revoke(_ reason: RevocationReason) {
            isTold.withLock { $0 = true }
            isTold.wakeAll()
        }
    }

    private struct Added {
        weak var view: View?
        let index: Int
    }

    private static func add(to views: SnapshotRegistry) -> Added {
        let view = View()
        return Added(view: view, index: views.add(view))
    }

    @Test("a registered snapshot is kept and counted until it is removed, and not afterwards")
    func counting() {
        let views = SnapshotRegistry()
        let added = (0..<3).map { _ in Self.add(to: views) }
        #expect(views.count == 3)
        for (number, one) in added.enumerated() {
            #expect(one.view != nil)
            views.remove(one.index)
            #expect(one.view == nil)
            #expect(views.count == 2 - number)
        }
        #expect(views.oldestAge == nil)
        let again = Self.add(to: views)
        #expect(views.count == 1 && again.view != nil)
    }

    @Test("a snapshot registered weakly is revoked, and is not kept alive without its holder")
    func weakly() {
        let views = SnapshotRegistry()
        var added: Added?
        do {
            let view = View()
            added = Added(view: view, index: views.addWeakly(view))
            views.revokeEach(.closed)
            #expect(view.isTold.withLock { $0 })
        }
        #expect(added?.view == nil)
        #expect(views.count == 1, "it has not been removed")
    }

    @Test("closing revokes every snapshot and waits until each is removed, and no longer")
    func closing() throws {
        let views = SnapshotRegistry()
        let view = View()
        let index = views.add(view)
        let isOver = Monitor(false)
        let thread = try WorkerThreads()
        thread.submit {
            views.revokeAll()
            isOver.withLock { $0 = true }
            isOver.wakeAll()
        }
        let wasTold = view.isTold.wait(.seconds(20)) { $0 ? () : nil } != nil
        #expect(wasTold)
        // Long enough for a call that does not wait.
        let wasEarly = isOver.wait(.milliseconds(200)) { $0 ? () : nil } != nil
        #expect(!wasEarly, "the view has not let go yet")
        views.remove(index)
        let wasWoken = isOver.wait(.seconds(20)) { $0 ? () : nil } != nil
        #expect(wasWoken)
    }
}
