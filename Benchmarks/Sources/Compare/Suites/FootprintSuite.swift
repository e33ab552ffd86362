extension Suite {
    /// The memory use of the memory store, compared with a `std::map` of strings.
    static func footprint(_ settings: Settings) -> Suite {
        let count = settings.entries
        return Suite(
            gauges: Footprint.Order.allCases.map { order in
                Gauge(
                    name: "memory.footprint.\(order)",
                    title: "memory, resident bytes per payload byte, inserted in \(order.words) order",
                    unit: "bytes a byte", mark: .atMost(1.3), ours: "KVDS", peer: "std::map",
                    figureUnit: "bytes a byte",
                    maximumRounds: 3
                ) {
                    let ours = try Footprint.measured(.store, order, count: count)
                    let map = try Footprint.measured(.map, order, count: count)
                    return Gauge.Sample(value: ours, ours: ours, peer: map)
                }
            },
            close: {})
    }
}

extension Footprint.Order {
    fileprivate var words: String {
        switch self {
        case .random: "random"
        case .sequential: "key"
        }
    }
}
