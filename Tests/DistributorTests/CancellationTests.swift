import TestSupport
import KVDS
import KVDSTesting
import Testing

@Suite("Cancellation of requests to a distributor", .timeLimit(.minutes(5)))
struct CancellationTests {
    @Test("a cancelled request leaves the store usable for other requests", arguments: Served.allCases)
    func store(_ served: Served) async throws {
        try await withDistributor { distributor in
            let points = try await CancellationSweep(seed: 42).run("store") { number in
                let id = StoreID("\(number)")
                return CancellationSweep.Case {
                    let handle = try await distributor.store(id, on: served.backend)
                    try await handle.set("victim", to: "1")
                } neighbour: {
                    let handle = try await distributor.store(id, on: served.backend)
                    try await handle.set("neighbour", to: "1")
                } check: { _ in
                    let handle = try await distributor.store(id, on: served.backend)
                    if served != .memory { #expect(try await handle.get("neighbour") == "1") }
                }
            }
            #expect(points > 3)
        }
    }

    @Test("a cancelled shutdown still closes every store", arguments: Served.allCases)
    func shutdown(_ served: Served) async throws {
        try await withTemporaryDirectory { path in
            _ = try await CancellationSweep(seed: 42).run("shutdown") { number in
                let distributor = DistributorActor(directory: "\(path)/\(number)")
                let handle = try await distributor.store("a", on: served.backend)
                return CancellationSweep.Case {
                    await distributor.shutdown()
                } neighbour: {
                    do {
                        while true {
                            try await handle.set("k", to: "1")
                            _ = try await distributor.store("b", on: served.backend)
                            await Task.yield()
                        }
                    } catch let error as StoreError where error.code == .closed {}
                } check: { _ in
                    #expect(await distributor.openStores.isEmpty)
                    #expect(!handle.isOpen)
                }
            }
        }
    }

    @Test("a cancelled wait for lifetime events ends")
    func events() async throws {
        try await withDistributor { distributor in
            _ = try await CancellationSweep(seed: 42).run("lifetimeEvents") { _ in
                let hasEnded = Flag()
                return CancellationSweep.Case {
                    defer { hasEnded.raise() }
                    for await event in distributor.lifetimeEvents where event.kind == .closed { return }
                } neighbour: {
                    while !hasEnded.isRaised {
                        _ = try await distributor.store("e", on: .memory)
                        await Task.yield()
                    }
                }
            }
        }
    }
}
