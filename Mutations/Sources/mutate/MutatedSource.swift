/// Inserts the mutations of one file into its text.
enum MutatedSource {
    /// - Parameter mutations: the mutations of this file.
    /// - Throws: if a snippet is missing, is ambiguous, or overlaps another one.
    static func apply(_ mutations: [Mutation], to text: String) throws -> String {
        var edits: [(range: Range<String.Index>, text: String, name: String)] = []
        for mutation in mutations {
            edits.append((try place(of: mutation, in: text), code(for: mutation), mutation.name))
        }
        edits.sort { $0.range.lowerBound < $1.range.lowerBound }
        for (edit, next) in zip(edits, edits.dropFirst()) where edit.range.upperBound > next.range.lowerBound {
            throw MutationError("\(edit.name) and \(next.name) change the same text")
        }
        var result = text
        for edit in edits.reversed() { result.replaceSubrange(edit.range, with: edit.text) }
        return result
    }

    private static func code(for mutation: Mutation) -> String {
        let old = mutation.old.joined(separator: "\n")
        let new = mutation.new.joined(separator: "\n")
        return switch mutation.form {
        case .expression: "(mutated(\(mutation.number)) ? (\(new)) : (\(old)))"
        case .statement: "if mutated(\(mutation.number)) {\n\(new)\n} else {\n\(old)\n}"
        }
    }

    /// Returns the range of the old code: its only occurrence, or the first one after the anchor. Indentation is
    /// ignored.
    private static func place(of mutation: Mutation, in text: String) throws -> Range<String.Index> {
        var start = text.startIndex
        if let anchor = mutation.anchor {
            let anchors = text.ranges(of: anchor)
            guard anchors.count == 1 else {
                throw MutationError("\(mutation.name): its anchor is there \(anchors.count) times")
            }
            start = anchors[0].upperBound
        }
        let places = text[start...].ranges(of: mutation.old[0]).compactMap { first -> Range<String.Index>? in
            var end = first.upperBound
            for line in mutation.old.dropFirst() {
                let rest = text[end...].drop { $0.isWhitespace }
                guard text[end..<rest.startIndex].contains("\n"), rest.hasPrefix(line) else { return nil }
                end = text.index(rest.startIndex, offsetBy: line.count)
            }
            return first.lowerBound..<end
        }
        guard let place = places.first else { throw MutationError("\(mutation.name): its old code is not in the file") }
        if mutation.anchor == nil, places.count > 1 {
            throw MutationError("\(mutation.name): its old code is there \(places.count) times")
        }
        return place
    }
}
