/// Decides whether speculative waiting is worth another try. It is a pure value.
///
/// After each wait in vain it skips 1, 2, 4, … up to 64 turns. A wait that pays off resets this. In the worst case,
/// one turn in 65 is wasted.
struct AdaptiveWait {
    private static let mostSkips = 64

    private var skips = 0
    private var nextSkips = 1

    /// Whether to wait this time. Report the result of the wait with ``paidOff()`` or ``wasInVain()``.
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
