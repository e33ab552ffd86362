package import KVDS

extension StoreReader {
    /// Returns the entries of a scan as an array.
    package func list(
        _ range: KeyRange = .all, order: ScanOrder = .forward, limit: Int? = nil
    ) async throws(StoreError) -> [Entry] {
        var all: [Entry] = []
        for try await entry in entries(in: range, order: order, limit: limit) { all.append(entry) }
        return all
    }
}
