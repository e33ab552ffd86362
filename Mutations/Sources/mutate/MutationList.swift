import Foundation

/// Reads the lists of mutations.
enum MutationList {
    /// Returns all mutations of all lists in `folder`, in the order of the lists' names.
    static func readAll(in folder: URL) throws -> [Mutation] {
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        let lists = files.filter { $0.pathExtension == "mutations" }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
        var all: [Mutation] = []
        for list in lists {
            let name = list.deletingPathExtension().lastPathComponent
            all += try parse(String(contentsOf: list, encoding: .utf8), list: name)
        }
        for (_, same) in Dictionary(grouping: all, by: \.number) where same.count > 1 {
            throw MutationError("\(same[0].name) and \(same[1].name) need names that differ more")
        }
        return all
    }

    /// Returns the mutations of one list.
    static func parse(_ text: String, list: String) throws -> [Mutation] {
        var all: [Mutation] = []
        var takesNew = false
        for (index, line) in text.components(separatedBy: "\n").enumerated() {
            func fail(_ what: String) -> MutationError { MutationError("\(list).mutations:\(index + 1): \(what)") }
            let (word, rest) = split(line)
            if word == "mutation" {
                all.append(Mutation(name: rest, list: list))
                takesNew = false
                continue
            }
            if line.isEmpty || line.hasPrefix("#") { continue }
            guard var mutation = all.popLast() else { throw fail("a list begins with `mutation NAME`") }
            if line.hasPrefix("    ") {
                let code = line.trimmingCharacters(in: .whitespaces)
                if takesNew { mutation.new.append(code) } else { mutation.old.append(code) }
            } else {
                switch word {
                case "file": mutation.file = rest
                case "promise": mutation.promise = rest
                case "equivalent": mutation.equivalence = rest
                case "after": mutation.anchor = rest
                case "test": mutation.killers.append(try killer(rest, fail))
                case "expression", "statement": mutation.form = Mutation.Form(rawValue: word) ?? .expression
                case "becomes": takesNew = true
                default: throw fail("`\(word)` is no word of the format")
                }
            }
            all.append(mutation)
        }
        for mutation in all { try check(mutation) }
        return all
    }

    private static func split(_ line: String) -> (word: String, rest: String) {
        guard let space = line.firstIndex(of: " ") else { return (line, "") }
        return (String(line[..<space]), line[space...].trimmingCharacters(in: .whitespaces))
    }

    /// Parses `"NAME" in FILTER`.
    private static func killer(_ text: String, _ fail: (String) -> MutationError) throws -> Mutation.Killer {
        guard text.hasPrefix("\""), let end = text.range(of: "\" in ", options: .backwards) else {
            throw fail("a test is named as in: test \"its name\" in Target.Suite")
        }
        return Mutation.Killer(
            name: String(text[..<end.lowerBound].dropFirst()),
            filter: text[end.upperBound...].trimmingCharacters(in: .whitespaces))
    }

    private static func check(_ mutation: Mutation) throws {
        func fail(_ what: String) -> MutationError { MutationError("\(mutation.list): \(mutation.name) \(what)") }
        if mutation.file.isEmpty { throw fail("names no file") }
        if mutation.promise.isEmpty { throw fail("names no promise") }
        if mutation.old.isEmpty { throw fail("has no old code") }
        if mutation.form == .expression, mutation.new.isEmpty { throw fail("has no new expression") }
        if mutation.killers.isEmpty == (mutation.equivalence == nil) {
            throw fail("needs either a test or a reason why there is none")
        }
    }
}
