import KVDS
import KVDSRecords

/// Checks the keys that are tuples.
enum TupleFaults {
    static func fault(inTuple input: [UInt8]) -> String? {
        let key = Bytes(input)
        let tuple: Tuple
        do throws(StoreError) {
            tuple = try Tuple(unpacking: key)
        } catch {
            return error.code == .malformedTuple ? nil : "unpacking throws \(error)"
        }
        let elements = Array(tuple)
        if elements.count != tuple.count { return "\(tuple.count) elements of which \(elements.count) can be read" }
        let again = repacked(tuple)
        if again.packed != key { return "\(tuple) became \(again)" }
        return fault(inDirectionsOf: elements)
    }

    /// The tuple, built again from its elements, in all levels.
    private static func repacked(_ tuple: Tuple) -> Tuple {
        Tuple(
            elements: tuple.map { element in
                if case .tuple(let nested) = element { .tuple(repacked(nested)) } else { element }
            })
    }

    /// Checks that elements of both directions, next to each other, are read as they were written.
    private static func fault(inDirectionsOf elements: [Tuple.Element]) -> String? {
        let orders = elements.indices.map { $0 % 2 == 0 ? ElementOrder.descending : .ascending }
        var writer = TupleWriter(after: Bytes())
        for (element, order) in zip(elements, orders) { writer.append(element, order) }
        let key = writer.bytes()
        var reader = TupleReader(key.span)
        for (element, order) in zip(elements, orders) {
            guard let item = try? reader.next(order), item.element(in: key) == element else {
                return "\(element) is not read again as \(order)"
            }
        }
        return reader.isAtEnd ? nil : "bytes follow the elements \(elements)"
    }
}
