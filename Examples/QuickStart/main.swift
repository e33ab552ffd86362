import KVDS
import KVDSLMDB  // adds Backend.lmdb
import KVDSRocksDB  // adds Backend.rocksDB

let distributor = DistributorActor(directory: "/tmp/quick-start")
let sessions = try await distributor.store("sessions", on: .rocksDB)

try await sessions.set("user:42", to: "ada")
let name = try await sessions.get("user:42")  // Bytes?
let mine = try await sessions.setIfAbsent("lock:job-7", to: "worker-3")  // Bool
let paid = try await sessions.compareAndSwap("balance:42", expected: "100", new: "90")  // Bool
try await sessions.write { batch in  // all or nothing
    batch.set("a", to: "1")
    batch.delete("b")
}
try await sessions.withTransaction { tx in  // commits only if nothing it read has changed; otherwise runs again
    tx.set("last", to: try await tx.get("a") ?? "none")
}
for try await entry in sessions.entries(prefix: "user:") { print(entry.key, entry.value) }
let length = try await sessions.withValue(for: "user:42") { (bytes: RawSpan) in bytes.byteCount }  // no copy
await distributor.shutdown()
