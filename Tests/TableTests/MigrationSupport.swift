import KVDS
import KVDSRecords
import KVDSTesting
import TestSupport

/// The members of a club, as an older program knows them.
struct OldMember: Codable, Equatable, Sendable {
    var id: Int
    var name: String
    var age: String
}

/// The members as they are now: the name is split, and the age is a number.
struct Member: Codable, Equatable, Sendable {
    var id: Int
    var first: String
    var last: String
    var age: Int
}

struct NoAge: Error {}

extension Member {
    init(_ old: OldMember) throws {
        let words = old.name.split(separator: " ").map(String.init)
        guard let age = Int(old.age) else { throw NoAge() }
        self.init(id: old.id, first: words[0], last: words[1], age: age)
    }
}

extension OldMember {
    /// Some members with different names.
    static func some(_ range: Range<Int>) -> [OldMember] {
        range.map { OldMember(id: $0, name: "f\($0 % 7) l\($0)", age: "\($0 % 50)") }
    }
}

/// The table as the older program declares it.
let oldMembers = Table<OldMember>("members", key: \.id) {
    Index("byName", \.name)
    Index("byOldAge", \.age)
}

/// The table now. The ages of older records are texts, which the index on numbers cannot have.
let members = Table<Member>("members", key: \.id) {
    Migration(from: OldMember.self) { try Member($0) }
    Index("byAge", \.age, \.first)
    UniqueIndex("byLast", \.last)
}

/// A store that counts commits, and fails after some of them.
struct CountingStore: StoreLayer {
    let base: any KeyValueStore
    let commits = AtomicCounter()
    let limit: Int

    init(base: any KeyValueStore, commits: Int = .max) { (self.base, limit) = (base, commits) }

    func commit(_ batch: WriteBatch) async throws(StoreError) -> CommitResult {
        if commits.add() > limit { throw StoreError(.ioFailure, "Injected.") }
        return try await base.commit(batch)
    }
}
