#if Command
import KVDSTesting

/// A file or directory, as programs see it and as it is on the disk.
///
/// Programs see the cache. Its dirty sectors are written back one by one, in any order and at any time, or by a sync. A
/// power failure leaves only what is on the disk.
final class CachedFile {
    /// The number of bytes that a disk writes atomically.
    static let sector = 512

    private(set) var cache: [UInt8] = []
    private(set) var disk: [UInt8] = []
    private var dirty: Set<Int> = []
    let isDirectory: Bool
    /// The names in a directory.
    var names: [String: CachedFile] = [:]
    var namesOnDisk: [String: CachedFile] = [:]

    init(isDirectory: Bool) { self.isDirectory = isDirectory }

    func write(_ bytes: ArraySlice<UInt8>, at offset: Int) -> Range<Int> {
        let end = offset + bytes.count
        if cache.count < end { cache += [UInt8](repeating: 0, count: end - cache.count) }
        cache.replaceSubrange(offset..<end, with: bytes)
        let sectors = offset / Self.sector..<(end + Self.sector - 1) / Self.sector
        dirty.formUnion(sectors)
        return sectors
    }

    func setLength(_ length: Int) {
        if length < cache.count {
            cache.removeLast(cache.count - length)
            dirty = dirty.filter { $0 * Self.sector < length }
        } else {
            cache += [UInt8](repeating: 0, count: length - cache.count)
        }
    }

    /// Writes back each of these sectors with probability `chance`.
    func writeBack(_ sectors: some Sequence<Int>, chance: Double, _ random: inout SplitMix64) {
        for sector in sectors where Double.random(in: 0..<1, using: &random) < chance { writeBack(sector) }
    }

    /// Writes back each dirty sector with probability `chance`, and possibly the length.
    func writeBackSome(chance: Double, _ random: inout SplitMix64) {
        writeBack(dirty.sorted(), chance: chance, &random)
        if Double.random(in: 0..<1, using: &random) < chance / 2 { writeBackLength() }
    }

    func sync() {
        for sector in dirty.sorted() { writeBack(sector) }
        writeBackLength()
    }

    func writeBack(_ sector: Int) {
        let begin = sector * Self.sector
        let end = min(begin + Self.sector, cache.count)
        dirty.remove(sector)
        guard begin < end else { return }
        if disk.count < end { disk += [UInt8](repeating: 0, count: end - disk.count) }
        disk.replaceSubrange(begin..<end, with: cache[begin..<end])
    }

    private func writeBackLength() {
        if disk.count > cache.count {
            disk.removeLast(disk.count - cache.count)
        } else {
            disk += [UInt8](repeating: 0, count: cache.count - disk.count)
        }
    }
}
#endif
