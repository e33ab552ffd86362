import Testing

@testable import KVDS

@Suite("EntryPage")
struct EntryPageTests {
    private struct Built {
        var taken: [Bool]
        var lastKey: Bytes?
        var page: EntryPage?
    }

    private static func build(_ entries: [Entry], capacity: Int, maximumCount: Int = .max) -> Built {
        var builder = EntryPage.Builder(capacity: capacity, maximumCount: maximumCount)
        let taken = entries.map { builder.append($0) }
        let lastKey = builder.lastKey
        return Built(taken: taken, lastKey: lastKey, page: builder.finish())
    }

    @Test("the first entry always fits its page, and the next one belongs to the next page")
    func largeEntry() {
        let large = Entry(key: "large", value: Bytes(Array(repeating: 1, count: 1_000)))
        let built = Self.build([large, Entry(key: "a", value: "1")], capacity: 64)
        #expect(built.taken == [true, false])
        #expect(built.lastKey == "large")
        #expect(built.page.map(Array.init) == [large])
    }

    @Test("a page takes entries until its capacity is used")
    func capacity() {
        let entries = (0..<10).map { Entry(key: Bytes("\($0)"), value: "v") }
        let built = Self.build(entries, capacity: 64)
        #expect(built.taken == Array(repeating: true, count: 6) + Array(repeating: false, count: 4))
        #expect(built.page.map(Array.init) == Array(entries[..<6]))
        #expect(built.page?.count == 6)
        #expect(built.lastKey == "5")
    }

    @Test("a page takes no more entries than its maximum count, and an empty page is nil")
    func counts() {
        let entries = ["a", "b", "c"].map { (key: Bytes) in Entry(key: key, value: Bytes()) }
        let built = Self.build(entries, capacity: 1_000, maximumCount: 2)
        #expect(built.taken == [true, true, false])
        #expect(built.page.map(Array.init) == Array(entries[..<2]))
        let none = Self.build(entries, capacity: 1_000, maximumCount: 0)
        #expect(none.taken == [false, false, false] && none.lastKey == nil && none.page == nil)
        #expect(Self.build([], capacity: 1_000).page == nil)
    }

    @Test("entries outlive their page")
    func slices() {
        let entry = Entry(key: "a key that is too long to be inline", value: Bytes(Array(repeating: 7, count: 100)))
        let found = Self.build([entry, entry], capacity: 1_000).page.map(Array.init) ?? []
        #expect(found == [entry, entry])
        #expect(found.allSatisfy { $0.value.compacted() == entry.value })
    }
}
