import KVDS

extension Tuple: CustomStringConvertible {
    /// The elements as text, such as `("user", 42, nil)`, for people. It reveals the key.
    ///
    /// Strings are quoted, bytes are hexadecimal digits after `0x`, and a number of single precision is `Float(1.5)`.
    public var description: String {
        var text = ""
        // The elements still to come of the tuple and of the nested ones around the current element.
        var rest: [Iterator] = []
        func open(_ tuple: Tuple) {
            text += "("
            rest.append(tuple.makeIterator())
        }
        open(self)
        while var iterator = rest.popLast() {
            let isFirst = iterator.position == 0
            guard let element = iterator.next() else {
                text += ")"
                continue
            }
            if !isFirst { text += ", " }
            rest.append(iterator)
            if case .tuple(let nested) = element { open(nested) } else { text += element.scalarDescription }
        }
        return text
    }
}

extension Tuple.Element: CustomStringConvertible {
    /// The element as text, as in the description of a tuple.
    public var description: String {
        if case .tuple(let tuple) = self { tuple.description } else { scalarDescription }
    }

    /// The text of every element but a nested tuple.
    fileprivate var scalarDescription: String {
        switch self {
        case .null: "nil"
        case .bytes(let value): "0x" + value.hexadecimal
        case .string(let value): value.debugDescription
        case .tuple: "(…)"
        case .integer(let value): "\(value)"
        case .bigInteger(let value): "\(value)"
        case .float(let value): "Float(\(value))"
        case .double(let value): "\(value)"
        case .bool(let value): "\(value)"
        case .uuid(let value): "\(value)"
        case .versionstamp(let value): "Versionstamp(0x\(value.bytes.hexadecimal))"
        }
    }
}

extension Bytes {
    fileprivate var hexadecimal: String {
        map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
