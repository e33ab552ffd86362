#if Command
import ArgumentParser
import Dispatch
import KVDS
import KVDSLMDB
import KVDSRocksDB
import KVDSSystem

/// The process that is killed. It opens the store, continues the workload from the store's state, and reports each
/// commit.
struct KillsChildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "kills-child", shouldDisplay: false)

    @Option var path: String
    @Option var backend: TortureBackend
    @Option var durability: TortureDurability
    @Option var seed: UInt64
    @Option var firstTask: Int
    @Option var tasks: Int
    @Flag var growsFiles = false
    @Option var broken: PlantedBug?

    func run() async throws {
        do {
            ChildMessage(kind: .opening).send()
            let store = try await backend.open(path, durability: durability, growsFiles: growsFiles)
            let revision = try await store.statistics().engine.revision
            ChildMessage(kind: .open, revision: revision.rawValue).send()
            closeOnRequest(store)
            try await work(on: broken.map { BrokenStore(store, $0) } ?? store)
        } catch {
            ChildMessage.fail("\((error as? StoreError)?.code.description ?? "") \(error)")
        }
        // Wait to be killed.
        unsafe await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
    }

    private func work(on store: any KeyValueStore) async throws {
        let workload = Workload(seed: seed, growsFiles: growsFiles)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in firstTask..<firstTask + tasks {
                group.addTask {
                    try await Self.work(WorkloadTask(workload: workload, task: task, store: store))
                }
            }
            // Open snapshots that die with the process.
            for _ in 0..<2 { group.addTask { try await Self.scan(store) } }
            try await group.waitForAll()
        }
    }

    private static func work(_ task: WorkloadTask) async throws {
        do {
            var number = try await task.lastNumber()
            while true {
                number += 1
                let revision = try await task.perform(number)
                ChildMessage(
                    kind: .acknowledged, task: task.task, number: number, revision: revision?.rawValue ?? 0
                ).send()
            }
        } catch let error as StoreError where error.code == .closed {}
    }

    /// Scans repeatedly, and checks that the sum of all accounts stays the same.
    private static func scan(_ store: any KeyValueStore) async throws {
        do {
            while true {
                var sum = 0
                for try await entry in store.entries(prefix: "account:") {
                    sum += Workload.number(of: entry.value) ?? 0
                }
                try require(
                    sum == Workload.accounts * Workload.balance, "a scan saw \(sum) on all accounts: half a transaction"
                )
                var scan = store.entries().makeAsyncIterator()
                for _ in 0..<200 { if try await scan.next() == nil { break } }
                // A scan whose pages are available never suspends, so yield to tasks that wait for a thread.
                await Task.yield()
            }
        } catch let error as StoreError where error.code == .closed {}
    }

    private func closeOnRequest(_ store: any KeyValueStore) {
        DispatchQueue.global().async {
            var byte: UInt8 = 0
            guard unsafe read(STDIN_FILENO, &byte, 1) == 1 else { return }
            Task {
                ChildMessage(kind: .closing).send()
                try await store.close()
                ChildMessage(kind: .closed).send()
            }
        }
    }
}
#endif
