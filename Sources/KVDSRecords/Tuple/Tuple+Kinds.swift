extension Tuple {
    /// The kinds of the elements, as the catalog names them.
    var kinds: [String] {
        var kinds: [String] = []
        var items = makeIterator()
        while let item = items.nextItem() { kinds.append(item.kind) }
        return kinds
    }

    /// Whether the elements are of these kinds. Nothing is allocated, because each read of a table asks for it.
    func hasKinds(_ kinds: [String]) -> Bool {
        guard count == kinds.count else { return false }
        var items = makeIterator()
        var index = 0
        while let item = items.nextItem() {
            guard index < kinds.count, item.kind == kinds[index] else { return false }
            index += 1
        }
        return true
    }
}

extension TupleItem {
    fileprivate var kind: String {
        switch code {
        case TupleCode.bytes: "bytes"
        case TupleCode.string: "string"
        case TupleCode.nested: "tuple"
        case TupleCode.longNegative...TupleCode.longPositive: "integer"
        case TupleCode.float: "float"
        case TupleCode.double: "double"
        case TupleCode.true, TupleCode.false: "bool"
        case TupleCode.uuid: "UUID"
        case TupleCode.versionstamp: "versionstamp"
        default: "null"
        }
    }
}
