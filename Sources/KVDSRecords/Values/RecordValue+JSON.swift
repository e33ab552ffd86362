import KVDS

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension RecordValue {
    /// The value as JSON on one line, with the fields in the order of the schema.
    ///
    /// A UUID is a string, a date a string in ISO 8601 with the fraction of its second that it has, and bytes are
    /// Base64. A dictionary whose keys are strings is an object, another one a list of pairs. A case without associated
    /// values is its name, another one an object with its name. A number that JSON cannot represent is a string.
    package var json: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): "\(value)"
        case .float(let value): value.isFinite ? "\(value)" : "\"\(value)\""
        case .double(let value): value.isFinite ? "\(value)" : "\"\(value)\""
        case .string(let value): Self.quoted(value)
        case .bytes(let value): "\"\(Data(value).base64EncodedString())\""
        case .date(let value): Self.quoted(value)
        case .uuid(let value): "\"\(value.uuidString)\""
        case .list(let elements): "[\(elements.map(\.json).joined(separator: ","))]"
        case .map(let pairs): "[\(pairs.map(\.json).joined(separator: ","))]"
        case .dictionary(let members), .record(let members): Self.object(members)
        case .enumCase(let name, let members):
            members.isEmpty ? Self.quoted(name) : "{\(Self.quoted(name)):\(Self.object(members))}"
        }
    }

    /// The fields with some names as text: a string as it is, nil and missing ones as nothing, others as JSON.
    package func fields(_ names: [String]) -> [String] {
        guard case .record(let members) = self else { return [json] }
        return names.map { name in
            switch members.first(where: { $0.name == name })?.value {
            case nil, .null: ""
            case .string(let text): text
            case let value?: value.json.hasPrefix("\"") ? String(value.json.dropFirst().dropLast()) : value.json
            }
        }
    }

    private static func object(_ members: [Member]) -> String {
        "{\(members.map { "\(quoted($0.name)):\($0.value.json)" }.joined(separator: ","))}"
    }

    private static func quoted(_ date: Date) -> String {
        // Outside of these years, and for infinite dates, the format has no form.
        let seconds = date.timeIntervalSince1970
        guard abs(seconds) < 62_000_000_000 else { return "\"\(seconds) s\"" }
        let isWhole = seconds.rounded(.down) == seconds
        return "\"\(date.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: !isWhole)))Z\""
    }

    /// A string with the escapes that JSON requires.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension RecordValue.Pair {
    fileprivate var json: String { "[\(key.json),\(value.json)]" }
}
