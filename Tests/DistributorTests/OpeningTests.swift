import KVDSTesting
import TestSupport
import Foundation
import KVDS
import Testing

@Suite("Opening stores through a distributor", .timeLimit(.minutes(5)))
struct OpeningTests {
    @Test("100 concurrent requests open a store once and share it")
    func once() async throws {
        let counting = CountingBackend()
        try await withDistributor { distributor in
            let handles = try await withThrowingTaskGroup(of: StoreHandle.self) { tasks in
                for _ in 0..<100 { tasks.addTask { try await distributor.store("a", on: counting.backend) } }
                return try await tasks.reduce(into: [StoreHandle]()) { $0.append($1) }
            }
            #expect(counting.opened.value == 1)
            #expect(handles.allSatisfy { $0 === handles[0] })
            #expect(await distributor.openStores.map(\.tag) == [handles[0].tag.number])
            try await handles[1].set("k", to: "v")
            #expect(try await handles[99].get("k") == "v")
        }
    }

    @Test("100 concurrent requests for one store are all served", arguments: Served.allCases)
    func concurrent(_ served: Served) async throws {
        try await withDistributor { distributor in
            let handles = try await withThrowingTaskGroup(of: StoreHandle.self) { tasks in
                for _ in 0..<100 { tasks.addTask { try await distributor.store("a", on: served.backend) } }
                return try await tasks.reduce(into: [StoreHandle]()) { $0.append($1) }
            }
            #expect(handles.allSatisfy { $0 === handles[0] })
        }
    }

    @Test("stores of one id on different backends are separate")
    func separate() async throws {
        try await withDistributor { distributor in
            var handles: [StoreHandle] = []
            for served in Served.allCases {
                let handle = try await distributor.store("same", on: served.backend)
                #expect(try await handle.get("name") == nil)
                try await handle.set("name", to: Bytes(served.rawValue))
                handles.append(handle)
            }
            for (handle, served) in zip(handles, Served.allCases) {
                #expect(try await handle.get("name") == Bytes(served.rawValue))
            }
            #expect(await Set(distributor.openStores.map(\.backend.name)) == ["memory", "lmdb", "rocksdb"])
        }
    }

    @Test("a failed opening throws for every waiting request, and the next request tries again")
    func failure() async throws {
        let counting = CountingBackend(failures: 1)
        try await withDistributor { distributor in
            // Keep the handles, because a store without handles is opened again.
            let results = await withTaskGroup(of: Result<StoreHandle, StoreError>.self) { tasks in
                for _ in 0..<20 {
                    tasks.addTask {
                        do throws(StoreError) {
                            return .success(try await distributor.store("a", on: counting.backend))
                        } catch { return .failure(error) }
                    }
                }
                return await tasks.reduce(into: []) { $0.append($1) }
            }
            let codes = results.map { result -> StoreError.Code? in
                if case .failure(let error) = result { error.code } else { nil }
            }
            #expect(codes.contains(.ioFailure))
            #expect(codes.allSatisfy { $0 == .ioFailure || $0 == nil })
            #expect(counting.opened.value <= 2)
            let handle = try await distributor.store("a", on: counting.backend)
            try await handle.set("k", to: "v")
            #expect(counting.opened.value == 2)
            withExtendedLifetime(results) {}
        }
    }

    @Test(
        "opening below a directory that is a file or cannot be made throws an error that names it",
        arguments: Served.disks)
    func badDirectory(_ served: Served) async throws {
        try await withTemporaryDirectory { path in
            try write("a file".utf8, to: "\(path)/file")
            for (place, code) in [("\(path)/file", StoreError.Code.notADirectory), ("/proc/kvds", .notFound)] {
                let distributor = DistributorActor(directory: place)
                for _ in 0..<2 {
                    let error = try await storeError { _ = try await distributor.store("a", on: served.backend) }
                    #expect(error?.code == code)
                    #expect(error?.message.contains(place) == true)
                }
                #expect(await distributor.openStores.isEmpty)
                // A memory store does not need a directory.
                _ = try await distributor.store("a", on: .memory)
                await distributor.shutdown()
            }
            // A missing directory is created with its parents.
            let distributor = DistributorActor(directory: "\(path)/some/new/place")
            try await distributor.store("a", on: served.backend).set("k", to: "v")
            await distributor.shutdown()
            #expect(names(at: "\(path)/some/new/place") == [served.rawValue])
        }
    }

    @Test("opening files that another distributor or process has open throws .storeInUse", arguments: Served.disks)
    func inUse(_ served: Served) async throws {
        try await withDistributor { distributor in
            let handle = try await distributor.store("a", on: served.backend)
            let second = DistributorActor(directory: distributor.directory)
            let error = try await storeError { _ = try await second.store("a", on: served.backend) }
            #expect(error?.code == .storeInUse)
            #expect("\(error.map { "\($0)" } ?? "")".contains("\(distributor.directory)/\(served.rawValue)/a"))
            _ = try await second.store("b", on: served.backend)
            if served == .rocksdb {
                let worker = try WorkerProcess(.rocksdb, "\(distributor.directory)/rocksdb/a")
                let line = await worker.nextLine() ?? ""
                #expect(line.hasPrefix("storeInUse") && line.contains("close it there"), "\(line)")
            }
            try await handle.set("k", to: "v")
            await second.shutdown()
        }
    }
}
