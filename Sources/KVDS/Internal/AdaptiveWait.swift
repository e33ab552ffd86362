/// Whether to wait once more for what may not come: a pure value.
///
/// Where waiting was in vain the next time is skipped, then the next two, four, and so on; where it paid off that is
/// forgotten. At worst one time in 65 is wasted.
struct AdaptiveWait {
    private static let mostSkips = 64

    private var skips = 0
    private var nextSkips = 1

    /// Whether to wait this time, which is then told of to ``paidOff()`` or ``wasInVain()``.
    mutating func allowsWaiting() -> Bool {
        if skips == 0 { return true }
        skips -= 1
        return false
    }

    mutating func paidOff() { nextSkips = 1 }

    mutating func wasInVain() {
        skips = nextSkips
        nextSkips = min(nextSkips * 2, AdaptiveWait.mostSkips)
    }
}
