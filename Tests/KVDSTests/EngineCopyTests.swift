import Testing

@testable import KVDS

@Suite("The engine that a backup is written to", .timeLimit(.minutes(1)))
struct EngineCopyTests {
    private static let unfinished = Revision(rawValue: StoreFormat.unfinished)

    /// Makes a backup of a store of several pages.
    ///
    /// - Parameter prepare: receives the notes of the copy before it is made.
    /// - Returns: the calls to the copy, and the result of the backup.
    private static func backup(
        _ prepare: (EngineNotes) -> Void = { _ in }, progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws -> (seen: EngineNotes.State, answer: String) {
        let notes = EngineNotes()
        prepare(notes)
        // A path that never exists.
        let path = "/tmp/kvds-no-such-directory-\(UInt64.random(in: 0 ... .max))"
        WatchedEngine.planned.withLock { $0[path] = notes }
        defer { WatchedEngine.planned.withLock { $0[path] = nil } }

        let source = EngineNotes()
        let store = try await WatchedEngine.open(source)
        try await store.write { batch in
            for number in 0..<2_000 { batch.set(Bytes("key/\(10_000 + number)"), to: "a value of some length") }
        }
        let backup = WatchedCall {
            await answerCode { try await store.backup(to: path, progress: progress) }
        }
        let answer = await backup.outcome() ?? "nothing"
        #expect(store.openSnapshots.count == 0)
        try await store.close()
        #expect(source.seen.wrongs == [])
        return (notes.seen, answer)
    }

    @Test("a backup is synced first and last, and is marked unfinished until its last commit")
    func commits() async throws {
        let (seen, answer) = try await Self.backup()
        #expect(answer == "done")
        #expect(seen.commits.count > 3)
        #expect(seen.commits.first == EngineNotes.Commit(revision: Self.unfinished, durability: .durable))
        #expect(seen.commits.last == EngineNotes.Commit(revision: Revision(rawValue: 1), durability: .durable))
        for commit in seen.commits.dropFirst().dropLast() {
            #expect(commit == EngineNotes.Commit(revision: Self.unfinished, durability: .buffered))
        }
        #expect(seen.closings == 1)
        #expect(seen.begun == seen.ended)
        #expect(seen.wrongs == [])
    }

    @Test(
        "a cancelled or failed backup is closed and stays marked unfinished",
        arguments: [true, false])
    func abandoned(isCancelled: Bool) async throws {
        let (seen, answer) = try await Self.backup { notes in
            if !isCancelled { notes.change { $0.failingKey = "key/11000" } }
        } progress: { _ in
            if isCancelled { unsafe withUnsafeCurrentTask { unsafe $0?.cancel() } }
        }
        #expect(answer == (isCancelled ? "cancelled" : "ioFailure"))
        #expect(seen.commits.last?.revision == Self.unfinished)
        #expect(seen.closings == 1)
        #expect(seen.begun == seen.ended)
    }

    @Test("a backup whose engine needs room grows it and writes the same page again")
    func room() async throws {
        let (seen, answer) = try await Self.backup { notes in notes.change { $0.setsNeedRoom = true } }
        #expect(answer == "done")
        #expect(seen.rooms == [true])
        #expect(seen.begun == seen.ended)
        #expect(seen.wrongs == [])
        #expect(seen.commits.last?.revision == Revision(rawValue: 1))
    }
}
