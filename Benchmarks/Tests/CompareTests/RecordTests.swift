import Foundation
import KVDS
import RecordCodec
import Testing

@testable import compare

/// The comparisons are fair only if all sides do the same.
@Suite("Records for comparisons")
struct RecordTests {
    @Test("the code by hand writes the bytes of the coder, and reads them")
    func byHand() throws {
        try checkByHand(Contact.self)
        try checkByHand(Order.self)
        try checkByHand(Profile.self)
    }

    private func checkByHand<Record: SampleRecord>(_ type: Record.Type) throws {
        let codec = try RecordCodec<Record>()
        for record in Record.samples(100) {
            let bytes = try codec.encode(record)
            #expect(Bytes(record.bytesByHand) == bytes)
            #expect(try codec.decode(bytes) == record)
            #expect(try Record(bytesByHand: Array(bytes)) == record)
        }
    }

    @Test("messages have the values of the records")
    func messages() throws {
        let order = try #require(Order.samples(1).first)
        let decoded = try OrderMessage(serializedBytes: order.message.serializedBytes() as [UInt8])
        #expect(decoded == order.message)
        #expect(decoded.sum == order.sum)
        #expect(decoded.lines.map(\.product) == order.lines.map(\.product))
        #expect(Contact.samples(10).allSatisfy { $0.message.sum == $0.sum })
        #expect(Profile.samples(10).allSatisfy { $0.message.sum == $0.sum })
    }

    @Test("MessagePack writes the bytes of its specification")
    func messagePack() {
        let value = MessagePack.map([("a", .integer(5)), ("b", .integer(300)), ("c", .string("x")), ("d", .double(1))])
        let bytes: [UInt8] = [
            0x84, 0xA1, 0x61, 0x05, 0xA1, 0x62, 0xCD, 0x01, 0x2C, 0xA1, 0x63, 0xA1, 0x78, 0xA1, 0x64, 0xCB, 0x3F, 0xF0,
            0, 0, 0, 0, 0, 0,
        ]
        #expect(value.bytes == bytes)
    }

    @Test("a table and its counterpart in SQLite have the same records")
    func tables() async throws {
        let settings = Settings(entries: 500, directory: NSTemporaryDirectory() + "kvds-users-test")
        let users = User.samples(500)
        let pair = try await UserPair(users, settings)
        let ids = [1, 500, 501, 77]
        #expect(try await TableWork.get(ids, from: pair.ours.table) == pair.peer.get(ids))
        #expect(try await pair.peer.getEach(ids).count == 3)
        #expect(try await TableWork.scan(pair.ours.table) == pair.peer.scan())
        #expect(try await pair.ours.storeKeys().count == 500)
        let youngest = users.filter { $0.city == "Oslo" }.map(\.age).sorted().prefix(10)
        #expect(try await pair.peer.youngest(10, in: ["Oslo"]).map(\.age) == Array(youngest))
        #expect(
            try await TableWork.youngest(10, in: ["Oslo"], of: pair.ours.table) == pair.peer.youngest(10, in: ["Oslo"]))
        try await pair.close()
    }
}
