import TestSupport
import Foundation
import KVDS
import Testing

@Suite("Store ids", .timeLimit(.minutes(5)))
struct StoreIDTests {
    static let composed = "caf\u{E9}"
    static let decomposed = "cafe\u{301}"
    static let strange: [String] = [
        "../x", "x", "a/b", "a", "b", ".", "..", "...", "\0", "a\0b", "👋🏽", "Users", "users", "USERS", composed,
        decomposed,
        "%2e", "2e", "%", " ", "a ", "\n", "con", "~", "/etc/passwd", "lock.mdb", "-rf", "\\", "\u{202E}x", "å",
        "A\u{30A}",
    ]

    @Test("every id gets its own files below the distributor's directory", arguments: Served.disks)
    func strangeIDs(_ served: Served) async throws {
        try await withDistributor { distributor in
            let above = URL(fileURLWithPath: distributor.directory).deletingLastPathComponent().path
            for (index, id) in Self.strange.enumerated() {
                let handle = try await distributor.store(StoreID(id), on: served.backend)
                #expect(try await handle.get("id") == nil, "\(id) shares its files with another")
                try await handle.set("id", to: Bytes("\(index)"))
            }
            await distributor.shutdown()

            #expect(names(at: above) == ["stores"])
            #expect(names(at: distributor.directory) == [served.rawValue])
            let places = names(at: "\(distributor.directory)/\(served.rawValue)")
            #expect(places.count == Self.strange.count)
            #expect(Set(places.map { $0.lowercased() }).count == places.count, "they collide where case is ignored")
            let again = DistributorActor(directory: distributor.directory)
            for (index, id) in Self.strange.enumerated() {
                #expect(try await again.store(StoreID(id), on: served.backend).get("id") == Bytes("\(index)"))
            }
            await again.shutdown()
        }
    }

    @Test("an id that no file name can hold throws .invalidStoreID and creates nothing", arguments: Served.disks)
    func unserved(_ served: Served) async throws {
        try await withDistributor { distributor in
            for id in ["", String(repeating: "x", count: 10_240), String(repeating: "Ü", count: 100)] {
                let error = try await storeError { _ = try await distributor.store(StoreID(id), on: served.backend) }
                #expect(error?.code == .invalidStoreID)
                #expect(error?.message.contains("id") == true)
            }
            #expect(names(at: distributor.directory).isEmpty)
            _ = try await distributor.store(StoreID(String(repeating: "x", count: 240)), on: served.backend)
        }
    }

    @Test("a memory store accepts any id and distinguishes ids by their bytes")
    func memory() async throws {
        try await withDistributor { distributor in
            let ids = Self.strange + ["", String(repeating: "x", count: 10_240)]
            var handles: [StoreHandle] = []
            for id in ids { handles.append(try await distributor.store(StoreID(id), on: .memory)) }
            #expect(Set(handles.map(ObjectIdentifier.init)).count == ids.count)
            #expect(await distributor.openStores.count == ids.count)
            #expect(StoreID(Self.composed) != StoreID(Self.decomposed))
        }
    }

    @Test("a store URL names a backend and a location")
    func urls() async throws {
        #expect(try StoreURL("lmdb:/var/x").location == "/var/x")
        #expect(try StoreURL("lmdb:///var/x") == StoreURL("LMDB:/var/x"))
        #expect(try StoreURL("memory:").description == "memory:")
        for wrong in ["", "x", ":x", "/var/x"] {
            #expect(try await storeError { _ = try StoreURL(wrong) }?.code == .invalidArgument)
        }
        let backends = [Backend.memory] + Served.disks.map(\.backend)
        #expect(try await storeError { _ = try Backend(url: "redis://x", among: backends) }?.code == .unknownBackend)
        #expect(try await storeError { _ = try Backend(url: "lmdb:", among: backends) }?.code == .invalidArgument)
        try await withDistributor { distributor in
            let path = "\(distributor.directory)-elsewhere"
            let backend = try Backend(url: "lmdb:\(path)", among: backends)
            let first = try await distributor.store("any", on: backend)
            let second = try await distributor.store("other", on: backend)
            #expect(first === second, "the URL says which store it is")
            try await first.set("k", to: "v")
            await distributor.shutdown()
            let store = try await backend.open()
            #expect(try await store.get("k") == "v")
            try await store.close()
        }
    }
}
