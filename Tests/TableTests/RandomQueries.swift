import KVDS
import KVDSRecords
import KVDSTesting

/// A query, and the same question to an array.
struct RandomQuery {
    var filter: Filter<Person>
    var matches: @Sendable (Person) -> Bool
    /// The order: which field, and whether it descends. Nil for none.
    var order: [(field: Int, isDescending: Bool)] = []
    var limit: Int?
    var words = ""

    init(_ input: inout SplitMix64) {
        (filter, matches, words) = Self.filter(&input, depth: 0)
        for field in [0, 1, 2].shuffled(using: &input).prefix(Int.random(in: 0..<3, using: &input)) {
            order.append((field, Bool.random(using: &input)))
        }
        if Bool.random(using: &input) { limit = Int.random(in: 0..<8, using: &input) }
        words += " order \(order) limit \(limit as Int?)"
    }

    private static func filter(
        _ input: inout SplitMix64, depth: Int
    ) -> (Filter<Person>, @Sendable (Person) -> Bool, String) {
        let age = Int.random(in: -3..<41, using: &input)
        let other = age + Int.random(in: 0..<10, using: &input)
        let city = ["Oslo", "Rome", "O", "", "X"].randomElement(using: &input) ?? ""
        let name = "n\(Int.random(in: 0..<40, using: &input))"
        let tag = ["a", "b", "c\0", "z"].randomElement(using: &input) ?? ""
        switch Int.random(in: 0..<(depth < 3 ? 20 : 14), using: &input) {
        case 0: return (\.city == city, { $0.city == city }, "city == \(city)")
        case 1: return (\.city == nil, { $0.city == nil }, "city == nil")
        case 2: return (\.city != city, { $0.city != city }, "city != \(city)")
        case 3: return (\.age == age, { $0.age == age }, "age == \(age)")
        case 4: return (\.age < age, { $0.age < age }, "age < \(age)")
        case 5: return (\.age <= age, { $0.age <= age }, "age <= \(age)")
        case 6: return (\.age > age, { $0.age > age }, "age > \(age)")
        case 7: return (\.age >= age, { $0.age >= age }, "age >= \(age)")
        case 8: return (age..<other ~= \.age, { (age..<other).contains($0.age) }, "age in \(age)..<\(other)")
        case 9:
            return (.isIn(\.age, [age, other, age]), { $0.age == age || $0.age == other }, "age in [\(age), \(other)]")
        case 10: return (.hasPrefix(\.city, city), { $0.city?.hasPrefix(city) == true }, "city hasPrefix \(city)")
        case 11: return (.hasPrefix(\.name, name), { $0.name.hasPrefix(name) }, "name hasPrefix \(name)")
        case 12: return (.contains(\.tags, tag), { $0.tags.contains(tag) }, "tags contain \(tag)")
        case 13: return (\.city > city, { $0.city.map { $0 > city } == true }, "city > \(city)")
        case 14:
            let (inner, matches, words) = filter(&input, depth: depth + 1)
            return (!inner, { !matches($0) }, "!(\(words))")
        case 15, 16:
            let (left, right) = (filter(&input, depth: depth + 1), filter(&input, depth: depth + 1))
            return (left.0 || right.0, { left.1($0) || right.1($0) }, "(\(left.2) || \(right.2))")
        default:
            let (left, right) = (filter(&input, depth: depth + 1), filter(&input, depth: depth + 1))
            return (left.0 && right.0, { left.1($0) && right.1($0) }, "(\(left.2) && \(right.2))")
        }
    }

    func query(_ table: OpenTable<Person>) -> Query<Person> {
        var query = table.query(filter)
        for (field, isDescending) in order {
            let direction: ElementOrder = isDescending ? .descending : .ascending
            switch field {
            case 0: query = query.order(by: \.city, direction)
            case 1: query = query.order(by: \.age, direction)
            default: query = query.order(by: \.name, direction)
            }
        }
        if let limit { query = query.limit(limit) }
        return query
    }

    /// The answer of an array. Without an order it is sorted by the key.
    func answer(_ people: [Person]) -> [Person] {
        let sorted = people.filter(matches).sorted { left, right in
            for (field, isDescending) in order {
                let comparison =
                    switch field {
                    case 0: Self.compare(left.city, right.city)
                    case 1: Self.compare(left.age, right.age)
                    default: Self.compare(left.name, right.name)
                    }
                if comparison != 0 { return isDescending ? comparison > 0 : comparison < 0 }
            }
            return order.last?.isDescending == true ? left.id > right.id : left.id < right.id
        }
        return order.isEmpty ? sorted : Array(sorted.prefix(limit ?? .max))
    }

    private static func compare<Value: Comparable>(_ left: Value, _ right: Value) -> Int {
        left < right ? -1 : left == right ? 0 : 1
    }

    private static func compare<Value: Comparable>(_ left: Value?, _ right: Value?) -> Int {
        switch (left, right) {
        case (nil, nil): 0
        case (nil, _): -1
        case (_, nil): 1
        case (let left?, let right?): compare(left, right)
        }
    }
}
