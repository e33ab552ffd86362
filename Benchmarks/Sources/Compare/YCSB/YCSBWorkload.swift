/// A core workload of the Yahoo! Cloud Serving Benchmark: the operations, their proportions, and the choice of records.
struct YCSBWorkload: Sendable {
    enum Operation: Sendable {
        case read, update, insert
        /// Reads 1 to 100 records from one on, with uniformly distributed length.
        case scan
        /// A read, and a write that depends on it and takes effect only if no other write came in between.
        case readModifyWrite
    }

    enum Popularity: Sendable {
        /// A few records are popular; they are scattered over all records.
        case zipfian
        /// Newer records are more popular.
        case latest
    }

    let letter: String
    let popularity: Popularity
    let usual: Operation
    let other: Operation
    /// The percentage of operations of the kind `other`.
    let others: Double

    // Workloads that insert come last, the one that inserts most at the end, so that the others find only the loaded
    // records.
    static let all = [
        YCSBWorkload(letter: "A", popularity: .zipfian, usual: .read, other: .update, others: 50),
        YCSBWorkload(letter: "B", popularity: .zipfian, usual: .read, other: .update, others: 5),
        YCSBWorkload(letter: "C", popularity: .zipfian, usual: .read, other: .update, others: 0),
        YCSBWorkload(letter: "F", popularity: .zipfian, usual: .read, other: .readModifyWrite, others: 50),
        YCSBWorkload(letter: "E", popularity: .zipfian, usual: .scan, other: .insert, others: 5),
        YCSBWorkload(letter: "D", popularity: .latest, usual: .read, other: .insert, others: 5),
    ]

    func operation(using random: inout some RandomNumberGenerator) -> Operation {
        Double.random(in: 0..<100, using: &random) < others ? other : usual
    }
}

/// Chooses the next record in one cell of the benchmark.
struct YCSBChooser: Sendable {
    private let records: YCSBRecords
    private let popularity: YCSBWorkload.Popularity
    private let scrambled: ScrambledZipfian
    private var zipfian: Zipfian

    init(_ popularity: YCSBWorkload.Popularity, _ records: YCSBRecords) {
        self.records = records
        self.popularity = popularity
        scrambled = ScrambledZipfian(count: records.count)
        zipfian = Zipfian(count: records.count)
    }

    mutating func next(using random: inout some RandomNumberGenerator) -> Int {
        switch popularity {
        // Chosen among the records at the beginning of the cell, so that popular records stay popular.
        case .zipfian: return scrambled.next(using: &random)
        case .latest:
            let count = records.count
            if count != zipfian.count { zipfian = Zipfian(count: count) }
            return count - 1 - zipfian.next(using: &random)
        }
    }
}
