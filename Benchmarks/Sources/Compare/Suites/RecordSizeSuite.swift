import Foundation
import RecordCodec
import SwiftProtobuf

extension Suite {
    /// The sizes of records of five fields, on average, in our format and in others.
    static func recordSizes(_ settings: Settings) -> Suite {
        func size(
            _ name: String, _ title: String, _ mark: Double, _ peer: @escaping @Sendable (Contact) throws -> Int
        ) -> Gauge {
            Gauge(
                name: "records.size.\(name)", title: "size of a record of five fields, against \(title)",
                unit: "bytes a byte", mark: .atMost(mark), ours: "KVDS", peer: title, figureUnit: "bytes",
                maximumRounds: 1
            ) {
                let codec = try RecordCodec<Contact>()
                let records = Contact.samples(1_000)
                func average(_ size: (Contact) throws -> Int) rethrows -> Double {
                    Double(try records.map(size).reduce(0, +)) / Double(records.count)
                }
                let (ours, theirs) = (try average { try codec.encode($0).count }, try average(peer))
                return Gauge.Sample(value: ours / theirs, ours: ours, peer: theirs)
            }
        }
        return Suite(
            gauges: [
                size("json", "JSON", 0.45) { try JSONEncoder().encode($0).count },
                size("messagepack", "MessagePack", 0.75) { $0.messagePack.bytes.count },
                size("protobuf", "swift-protobuf", 1.05) { (try $0.message.serializedBytes() as [UInt8]).count },
            ],
            close: {})
    }
}
