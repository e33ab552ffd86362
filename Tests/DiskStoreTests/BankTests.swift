import TestSupport
import KVDS
import KVDSTesting
import Testing

@Suite("A bank whose process is killed", .serialized, .timeLimit(.minutes(5)))
struct BankTests {
    @Test(
        "a bank whose process is killed keeps its money and every acknowledged transfer",
        arguments: disks,
        Bank.Kind.allCases)
    func killed(_ backend: DiskBackend, _ kind: Bank.Kind) async throws {
        let seed = TestSeed.next
        print("seed of the moments at which the bank with \(kind) transactions on \(backend) is killed: \(seed)")
        var random = SplitMix64(seed: seed)
        try await withTemporaryDirectory { path in
            var acknowledged = Array(repeating: 0, count: Bank.tasks)
            func note(_ line: String) {
                let words = line.split(separator: " ").compactMap { Int($0) }
                if line.hasPrefix("ack "), words.count == 2 { acknowledged[words[0]] = words[1] }
            }
            // Each value is used once, in random order. If they were drawn at random, all kills could come after a few
            // transfers.
            let moments = [1, 1, 2, 50, 50, 300, 300, 700].shuffled(using: &random)
            for (round, moment) in moments.enumerated() {
                let worker = try WorkerProcess(backend, path)
                try worker.send("bank \(kind.rawValue)")
                for _ in 0..<moment {
                    guard let line = await worker.nextLine() else { break }
                    note(line)
                }
                worker.crash()
                while let line = await worker.nextLine() { note(line) }

                let store = try await backend.open(path)
                let balances = try await store.list(.prefix("account:")).compactMap { Int(String($0.value)) }
                // The worker may have been killed before it had opened the accounts.
                if !balances.isEmpty || acknowledged.contains(where: { $0 > 0 }) {
                    #expect(balances.count == Bank.accounts)
                    #expect(balances.reduce(0, +) == Bank.accounts * Bank.balance, "round \(round)")
                    #expect(balances.allSatisfy { $0 >= 0 })
                }
                for task in 0..<Bank.tasks {
                    let made = try await store.number(Bank.receipt(task))
                    #expect(
                        made == acknowledged[task] || made == acknowledged[task] + 1, "round \(round), task \(task)")
                    acknowledged[task] = made
                }
                try await store.close()
            }
            #expect(acknowledged.reduce(0, +) > 100)
        }
    }
}
