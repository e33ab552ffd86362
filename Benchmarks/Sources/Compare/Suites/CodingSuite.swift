import Foundation
import KVDS
import RecordCodec
import SwiftProtobuf

extension Suite {
    /// Encoding and decoding of records, without a store.
    static func coding(_ settings: Settings) -> Suite {
        Suite(
            comparisons: coding(of: Contact.self) + coding(of: Order.self) + coding(of: Profile.self) + [oneField],
            close: {})
    }

    /// Encodes and decodes the same values in our format and in others.
    private static func coding<Record: SampleRecord>(of type: Record.Type) -> [Comparison] {
        let records = Lazy { Record.samples(Passes.values) }
        let messages = Lazy { try await records.value.map(\.message) }
        let ours = Passes.side("KVDS", records) {
            let codec = try RecordCodec<Record>()
            return { try codec.decode(codec.encode($0)).sum }
        }
        func compared(_ name: String, _ title: String, mark: Comparison.Mark, _ peer: Comparison.Side) -> Comparison {
            Comparison(
                name: "records.coding.\(Record.name).\(name)", title: "encode and decode \(Record.title), \(title)",
                mark: mark, ours: ours, peer: peer)
        }
        return [
            compared(
                "json", "against JSON", mark: .speedAtLeast(8),
                Passes.side("JSONEncoder, JSONDecoder", records) {
                    let (encoder, decoder) = (JSONEncoder(), JSONDecoder())
                    return { try decoder.decode(Record.self, from: encoder.encode($0)).sum }
                }),
            compared(
                "plist", "against binary property lists", mark: .speedAtLeast(12),
                Passes.side("PropertyListEncoder, -Decoder", records) {
                    let (encoder, decoder) = (PropertyListEncoder(), PropertyListDecoder())
                    encoder.outputFormat = .binary
                    return { try decoder.decode(Record.self, from: encoder.encode($0)).sum }
                }),
            compared(
                "protobuf", "against swift-protobuf", mark: .timeAtMost(1),
                Passes.side("swift-protobuf", messages) {
                    {
                        let bytes: [UInt8] = try $0.serializedBytes()
                        return try Record.Counterpart(serializedBytes: bytes).sum
                    }
                }),
            compared(
                "hand", "against code for this type", mark: .timeAtMost(3),
                Passes.side("by hand", records) { { try Record(bytesByHand: $0.bytesByHand).sum } }),
        ]
    }

    /// Decodes one field out of twenty, and the whole record.
    private static var oneField: Comparison {
        let encoded = Lazy {
            let codec = try RecordCodec<Profile>()
            return try Profile.samples(Passes.values).map { try codec.encode($0) }
        }
        return Comparison(
            name: "records.field", title: "decode the eleventh of twenty fields, against decoding all",
            mark: .timeAtMost(0.3),
            ours: Passes.side("one field", encoded) {
                let codec = try RecordCodec<Profile>()
                return { UInt64(try codec.decodeField("age", as: Int.self, from: $0) ?? 0) }
            },
            peer: Passes.side("all fields", encoded) {
                let codec = try RecordCodec<Profile>()
                return { UInt64(try codec.decode($0).age) }
            })
    }
}
