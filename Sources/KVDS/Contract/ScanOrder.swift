/// The direction of a scan.
public enum ScanOrder: Sendable {
    /// From the smallest key to the greatest.
    case forward
    /// From the greatest key to the smallest.
    case reverse
}
