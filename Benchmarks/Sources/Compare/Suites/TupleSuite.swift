import Foundation
import KVDS
import KVDSRecords

extension Suite {
    /// Packing a key of typed elements.
    static func tuples(_ settings: Settings) -> Suite {
        let keys = Lazy {
            (0..<Passes.values).map { index in ("user", index * 7_919, UUID()) }
        }
        let ours = Passes.side("Tuple", keys) {
            { UInt64(Tuple($0.0, $0.1, $0.2).packed.count) }
        }
        let copied = Lazy { try await keys.value.map { Tuple($0.0, $0.1, $0.2).packed } }
        let peer = Passes.side("copying its bytes", copied) {
            { value in UInt64(value.withUnsafeBytes { Bytes(copying: $0) }.count) }
        }
        return Suite(
            gauges: [
                Gauge(
                    name: "records.tuple", title: "packing a tuple of a string, an Int and a UUID", unit: "ns",
                    mark: .atMost(150), ours: ours.name, peer: peer.name, figureUnit: "ns",
                    prepare: { try await ours.prepare() }
                ) {
                    let (mine, _) = try await Stopwatch.time(ours)
                    let (theirs, _) = try await Stopwatch.time(peer)
                    return Gauge.Sample(value: mine, ours: mine, peer: theirs)
                }
            ],
            close: {})
    }
}
