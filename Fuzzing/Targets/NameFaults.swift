import KVDS

/// Checks the names of stores and the prefixes of keys.
enum NameFaults {
    static func fault(inURL input: [UInt8]) -> String? {
        let text = String(decoding: input, as: UTF8.self)
        let disk = Backend(name: "disk", isPersistent: true) { _, _ throws(StoreError) in MemoryStore() }
        let backend = try? Backend(url: text, among: [.memory, disk])
        guard let url = try? StoreURL(text) else { return backend == nil ? nil : "a backend for what is no URL" }
        if url.scheme.isEmpty { return "a URL without a scheme" }
        if let backend, backend.name != url.scheme { return "\(backend) serves \(url.scheme)" }
        if backend == nil, url.scheme == "memory" { return "no backend for memory:" }
        guard let again = try? StoreURL(url.description) else { return "what a URL says of itself is no URL" }
        // Two slashes at the beginning of a path are parsed as those of a URL.
        return again == url || url.location.hasPrefix("//") ? nil : "\(url) became \(again)"
    }

    /// Checks that a directory's name encodes exactly the id and contains no path separator.
    static func fault(inID input: [UInt8]) -> String? {
        let text = String(decoding: input, as: UTF8.self)
        guard let name = try? StoreID(text).fileName else {
            return 1...80 ~= text.utf8.count ? "an id of \(text.utf8.count) bytes is refused" : nil
        }
        let bytes = Array(name.utf8)
        let isPlain = bytes.allSatisfy { byte in
            switch Character(Unicode.Scalar(byte)) {
            case "a"..."z", "0"..."9", "-", "_", "%": true
            default: false
            }
        }
        if !isPlain || !(1...240 ~= bytes.count) { return "\(name) is no name for a directory" }
        var id: [UInt8] = []
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                id.append(byte)
                continue
            }
            guard let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                return "\(name) has an escape that is none"
            }
            id.append(code)
            rest = rest.dropFirst(2)
        }
        return id == Array(text.utf8) ? nil : "\(name) does not say the id"
    }

    /// The first byte is the length of the prefix. The whole rest and the part after the prefix are keys.
    static func fault(inPrefix input: [UInt8]) -> String? {
        let prefix = input.dropFirst().prefix(Int(input.first ?? 0))
        let range = KeyRange.prefix(Bytes(prefix))
        for key in [input.dropFirst(), input.dropFirst(1 + prefix.count)] where !key.isEmpty {
            if range.contains(Bytes(key)) != key.starts(with: prefix) { return "\(key) in the range of \(prefix)" }
        }
        return nil
    }
}
