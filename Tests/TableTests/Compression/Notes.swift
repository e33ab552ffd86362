import Foundation
import KVDS
import KVDSCompression
import KVDSRecords
import KVDSTesting

/// A record that is mostly text.
struct Note: Codable, Equatable, Sendable {
    var id: Int
    var text: String
    var data: Data?

    init(_ id: Int, _ text: String, data: Data? = nil) { (self.id, self.text, self.data) = (id, text, data) }
}

/// The table of notes, as a program knows it that compresses in this way.
func notes(_ compression: Compression) -> Table<Note> { Table<Note>("notes", key: \.id) { compression } }

/// The same table in a program without compression.
let plainNotes = Table<Note>("notes", key: \.id)

/// Sentences in which each word follows the one before it as often as in the comments of this package. So they have the
/// words and the phrases of English, and no two are equal.
struct Sentences {
    private static let words: [Substring] = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../Sources/KVDS")
        let files = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []
        let comments = files.filter { $0.hasSuffix(".swift") }.sorted().flatMap { file in
            let text = try? String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
            return (text ?? "").split(separator: "\n").filter { $0.contains("/// ") }
        }
        return comments.joined(separator: " ").lowercased().split { !$0.isLetter }
    }()
    /// For each word, at its place, the places where the same word occurs.
    private static let places: [[Int]] = {
        let places = Dictionary(grouping: words.indices, by: { words[$0] })
        return words.map { places[$0] ?? [] }
    }()

    private var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    /// A text of at least `count` bytes.
    mutating func text(_ count: Int) -> String {
        let (words, places) = (Self.words, Self.places)
        var text = ""
        while text.utf8.count < count {
            var place = random.below(words.count)
            for _ in 0..<5 + random.below(9) {
                text += words[place]
                text += " "
                let same = places[place]
                place = (same[random.below(same.count)] + 1) % words.count
            }
            text.removeLast()
            text += ". "
        }
        return text
    }

    mutating func notes(_ ids: Range<Int>, length: Int = 200) -> [Note] { ids.map { Note($0, text(length)) } }

    /// Bytes that no compressor makes shorter.
    mutating func noise(_ count: Int) -> Data {
        Data((0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) })
    }
}

extension KeyValueStore {
    /// The values of the records of table 1, by key.
    func values() async throws -> [Tuple: Bytes] {
        var values: [Tuple: Bytes] = [:]
        for try await entry in entries(in: .prefix(Bytes([0xFD, 0x15, 1]))) {
            values[try Tuple(unpacking: entry.key.slice(4..<entry.key.count))] = entry.value.compacted()
        }
        return values
    }

    /// How many of the records of table 1 have each form.
    func forms() async throws -> [RecordForm: Int] {
        var forms: [RecordForm: Int] = [:]
        for value in try await values().values { forms[try form(of: value), default: 0] += 1 }
        return forms
    }

    private func form(of value: Bytes) throws -> RecordForm {
        guard let form = RecordForm(rawValue: value[0] & 3) else { throw StoreError(.corrupt, "no form") }
        return form
    }

    /// The key of version `version` of the dictionary of table 1 in the catalog; that of the newest version's number
    /// if it is nil.
    func dictionaryKey(_ version: Int?) -> Bytes {
        let tuple = version.map { Tuple(0, "dictionary", 1, $0) } ?? Tuple(0, "dictionary", 1)
        return Bytes([0xFD] + Array(tuple.packed))
    }
}
