import SwiftProtobuf

/// A message with the fields of a ``SampleRecord``.
protocol SampleMessage: SwiftProtobuf.Message {
    /// The `sum` of the record.
    var sum: UInt64 { get }
}

extension ContactMessage: SampleMessage {
    var sum: UInt64 { UInt64(name.utf8.count + Int(age) + (hasPhone ? phone.utf8.count : 0)) }
}

extension OrderMessage: SampleMessage {
    var sum: UInt64 { UInt64(Int(number) + customer.name.utf8.count + lines.count + Int(codes.reduce(0, +))) }
}

extension ProfileMessage: SampleMessage {
    var sum: UInt64 { UInt64(Int(id) + email.utf8.count + Int(lastSeen) + (hasNewsletter_p ? 1 : 0)) }
}
