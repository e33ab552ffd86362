import KVDS

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension ElementKind {
    /// The element that a part of a text stands for; nil if it is not a value of this type.
    func element(of token: FilterToken) throws(StoreError) -> Bytes? {
        if token == .name("nil") { return ElementBound.null }
        var writer = TupleWriter()
        switch (self, token) {
        case (.bool, .name("true")): writer.append(true)
        case (.bool, .name("false")): writer.append(false)
        case (.integer, .number(let text)):
            guard let number = Int128(text) else { return nil }
            writer.append(number)
        case (.float, .number(let text)):
            guard let number = Float(text) else { return nil }
            return try fieldElement(of: number)
        case (.double, .number(let text)):
            guard let number = Double(text) else { return nil }
            return try fieldElement(of: number)
        case (.date, .number(let text)):
            guard let seconds = Double(text) else { return nil }
            return try fieldElement(of: Date(timeIntervalSince1970: seconds))
        case (.date, .string(let text)):
            let withFraction = Date.ISO8601FormatStyle.iso8601.year().month().day().time(
                includingFractionalSeconds: true)
            let date = (try? Date(text, strategy: .iso8601)) ?? (try? Date(text, strategy: withFraction))
            guard let date else { return nil }
            return try fieldElement(of: date)
        case (.string, .string(let text)): writer.append(text)
        case (.uuid, .string(let text)):
            guard let uuid = UUID(uuidString: text) else { return nil }
            writer.append(uuid)
        case (.bytes, .string(let text)):
            guard let data = Data(base64Encoded: text) else { return nil }
            writer.append(data)
        default: return nil
        }
        return writer.bytes()
    }
}
