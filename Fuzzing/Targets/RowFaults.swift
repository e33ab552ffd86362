import KVDS
import KVDSFormats

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Checks the formats of import and export.
enum RowFaults {
    private struct Rows: Equatable {
        var entries: [Entry] = []
        var error: RowError?
    }

    /// The first byte determines the chunk size and, for CSV, whether there is a header. The rest is the file.
    static func fault(in input: [UInt8], _ format: RowFormat) -> String? {
        let first = Int(input.first ?? 0)
        let file = Array(input.dropFirst())
        let hasHeader = format != .csv || first & 1 == 0
        let whole = read(file, format, hasHeader, chunk: max(file.count, 1))
        let parts = read(file, format, hasHeader, chunk: first / 2 + 1)
        if whole != parts { return "it matters how the file is cut: \(whole) or \(parts)" }
        if let error = whole.error, error.line < 1 || error.message.contains("\n") { return "an odd error: \(error)" }
        if format == .jsonl, let fault = comparison(file, whole) { return fault }
        return fault(writing: whole.entries, format)
    }

    /// The input is a sequence of keys and values, each preceded by its length.
    static func fault(writing input: [UInt8]) -> String? {
        var entries: [Entry] = []
        var rest = input[...]
        func piece() -> Bytes {
            let count = Int(rest.popFirst() ?? 0)
            defer { rest = rest.dropFirst(count) }
            return Bytes(rest.prefix(count))
        }
        while !rest.isEmpty { entries.append(Entry(key: piece(), value: piece())) }
        for format in RowFormat.allCases {
            if let fault = fault(writing: entries, format) { return fault }
        }
        return nil
    }

    /// Checks that written entries are read back unchanged.
    private static func fault(writing entries: [Entry], _ format: RowFormat) -> String? {
        let encoder = RowEncoder(style: .format(format))
        var file: [UInt8] = []
        encoder.appendHeader(to: &file)
        do {
            for entry in entries { try encoder.append(entry, to: &file) }
        } catch {
            return "an entry cannot be written as \(format): \(error)"
        }
        let again = read(file, format, true, chunk: max(file.count, 1))
        return again == Rows(entries: entries) ? nil : "\(entries) became \(again) as \(format)"
    }

    private static func read(_ file: [UInt8], _ format: RowFormat, _ hasHeader: Bool, chunk: Int) -> Rows {
        var rows = Rows()
        var splitter = RecordSplitter(format)
        do {
            var decoder = try RowDecoder(format, hasHeader: hasHeader)
            for start in stride(from: 0, to: file.count, by: chunk) {
                splitter.append(file[start..<min(start + chunk, file.count)])
                while let record = try splitter.next() {
                    if let entry = try decoder.entry(of: record) { rows.entries.append(entry) }
                }
            }
            if let record = splitter.finish(), let entry = try decoder.entry(of: record) { rows.entries.append(entry) }
        } catch let error as RowError {
            rows.error = error
        } catch {
            rows.error = RowError(line: 0, message: "\(error)")
        }
        return rows
    }

    /// Checks that another JSON parser accepts whatever was read as JSON.
    private static func comparison(_ file: [UInt8], _ rows: Rows) -> String? {
        guard rows.error == nil, rows.entries.count == 1, !file.contains(.newline) else { return nil }
        let isJSON = (try? JSONDecoder().decode(AnyObject.self, from: Data(file))) != nil
        return isJSON ? nil : "\(rows.entries) was read from what is no JSON"
    }

    private struct AnyObject: Decodable {}
}
