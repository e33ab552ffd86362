import KVDS

extension Script.Line {
    /// The transaction and its command of a line `t1: COMMAND`; nil if the line has another form.
    var call: (transaction: Int, command: String)? {
        guard text.first == "t", let colon = text.firstRange(of: ": ") else { return nil }
        guard let number = Int(text[..<colon.lowerBound].dropFirst()), number > 0 else { return nil }
        return (number, String(text[colon.upperBound...]))
    }
}

extension KeyRange {
    /// A key or a range as scripts write it: `k` is a key, `p*` the keys that begin with "p", `a..c` the keys from "a"
    /// up to, but not including, "c", `a..` the keys from "a" on, and `*` all keys.
    init(script text: String) {
        if text.hasSuffix("*") {
            self = .prefix(Bytes(String(text.dropLast())))
        } else if let dots = text.firstRange(of: "..") {
            let end = text[dots.upperBound...]
            self.init(from: Bytes(String(text[..<dots.lowerBound])), to: end.isEmpty ? nil : Bytes(String(end)))
        } else {
            self = .key(Bytes(text))
        }
    }

    /// The key or the range as scripts write it, without abbreviating prefixes.
    var script: String {
        if self == .key(lowerBound) { return "\(lowerBound)" }
        return self == .all ? "*" : "\(lowerBound)..\(upperBound.map { "\($0)" } ?? "")"
    }
}
