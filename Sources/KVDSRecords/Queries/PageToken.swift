public import KVDS

/// Where a query has ended, and can continue later, also in another process.
///
/// A token belongs to one query. It contains the fields and the key of the last record, so it is as confidential as
/// they are.
public struct PageToken: Hashable, Sendable {
    /// The bytes of the token, to be stored or sent.
    public let bytes: Bytes

    /// - Parameter bytes: those of a token. Other bytes are refused when they are used.
    public init(bytes: Bytes) { self.bytes = bytes }
}

/// Some records of a query, and where to continue.
public struct Page<Record: Sendable>: Sendable {
    /// The records, in their order.
    public let records: [Record]
    /// Where the next page begins; nil if this is the last one.
    public let next: PageToken?
}

/// Where a query is.
enum QueryPosition: Hashable, Sendable {
    /// At an entry of the records (0) or of the index with this number.
    case access(Int, Bytes)
    case sorted(SortedRecord)
}

extension Query {
    /// A page of records, of the length that ``limit(_:)`` has set, or of 100 records.
    ///
    /// Each page shows the store as it is when the page is read. Records that other tasks write between two pages are
    /// neither repeated nor left out, unless they move in the order of the query.
    ///
    /// - Parameter token: that of the page before; nil for the first page.
    /// - Throws: `.invalidArgument` if the limit is less than 1, or the token is damaged, belongs to another query, or
    ///   used an index that is gone; as the iteration.
    public func page(after token: PageToken? = nil) async throws -> Page<Record> {
        let limit = maximum ?? 100
        guard limit > 0 else { throw StoreError(.invalidArgument, "The limit of a page must be 1 or more.") }
        let session = try await self.limit(limit < .max ? limit + 1 : limit).session()
        let mark = session.fingerprint(table.table.name, tests: tests.count)
        var run = try await QueryRun(session, after: try token.map { try QueryPosition($0, mark) })
        var records: [Record] = []
        var position: QueryPosition?
        while let record = try await run.next() {
            if records.count == limit { return Page(records: records, next: position.map { $0.token(mark) }) }
            records.append(try table.decode(record))
            position = run.position
        }
        return Page(records: records, next: nil)
    }
}

extension QuerySession {
    /// A number that tells queries apart.
    fileprivate func fingerprint(_ table: String, tests: Int) -> UInt64 {
        let terms = query.order.map { Tuple.Element.tuple(Tuple($0.field.tuple, $0.order == .descending)) }
        let tuple = Tuple(table, query.filter.tuple, Tuple(elements: terms), tests)
        // The hash FNV-1a, <http://www.isthe.com/chongo/tech/comp/fnv/>, which is the same in every process.
        return tuple.packed.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    }
}

extension QueryPosition {
    func token(_ fingerprint: UInt64) -> PageToken {
        let tuple: Tuple =
            switch self {
            case .access(let number, let position): Tuple(1, fingerprint, number, position)
            case .sorted(let record): Tuple(1, fingerprint, -1, record.fields, record.key)
            }
        return PageToken(bytes: tuple.packed)
    }

    /// - Throws: `.invalidArgument` if the token is damaged or belongs to another query.
    init(_ token: PageToken, _ fingerprint: UInt64) throws(StoreError) {
        do throws(StoreError) {
            let tuple = try Tuple(unpacking: token.bytes)
            guard try tuple[0, as: Int.self] == 1 else { throw StoreError(.invalidArgument, "") }
            guard try tuple[1, as: UInt64.self] == fingerprint else {
                throw StoreError(.invalidArgument, "The page token belongs to another query.")
            }
            let number = try tuple[2, as: Int.self]
            if number < 0 {
                let (fields, key) = (try tuple[3, as: Bytes.self], try tuple[4, as: Bytes.self])
                self = .sorted(SortedRecord(fields: fields, key: key))
            } else {
                self = .access(number, try tuple[3, as: Bytes.self])
            }
        } catch {
            if error.code == .invalidArgument, !error.message.isEmpty { throw error }
            throw StoreError(.invalidArgument, "The page token is damaged.")
        }
    }
}
