import KVDSSystem

/// Selects which of several copies of some data a thread uses, so that threads do not share a cache line.
package enum ThreadStripe {
    /// The number of stripes.
    package static var count: Int { 16 }

    /// The stripe of the calling thread. Any value is correct; different values for different threads are faster.
    package static var current: Int {
        #if canImport(Darwin)
        let thread = unsafe UInt(bitPattern: pthread_self())
        #else
        let thread = UInt(pthread_self())
        #endif
        // Fibonacci hashing: the four upper bits of the product.
        return Int(truncatingIfNeeded: (UInt64(thread) &* 0x9E37_79B9_7F4A_7C15) >> 60)
    }
}
