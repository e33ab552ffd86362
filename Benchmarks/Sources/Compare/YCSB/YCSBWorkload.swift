/// One of the core workloads of the Yahoo! Cloud Serving Benchmark: which operations, in which proportions, on which records.
struct YCSBWorkload: Sendable {
    enum Operation: Sendable {
        case read, update, insert
        /// 1 to 100 records from one on; each length is as likely.
        case scan
        /// A read, and a write that depends on it and takes effect only if nothing came between.
        case readModifyWrite
    }

    enum Popularity: Sendable {
        /// A few records are popular; they lie anywhere.
        case zipfian
        /// The newer, the more popular.
        case latest
    }

    let letter: String
    let popularity: Popularity
    let usual: Operation
    let other: Operation
    /// How many of a hundred operations are the other one.
    let others: Double

    // Those that insert come last, the one that inserts most at the end: the rest find the records as they were loaded.
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

/// Which record comes next in one cell of the benchmark.
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
        // The records there were when the cell began: what is popular stays popular.
        case .zipfian: return scrambled.next(using: &random)
        case .latest:
            let count = records.count
            if count != zipfian.count { zipfian = Zipfian(count: count) }
            return count - 1 - zipfian.next(using: &random)
        }
    }
}
