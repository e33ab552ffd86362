#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Which of several copies of something a thread uses, so that threads do not meet on one cache line.
package enum ThreadStripe {
    /// How many stripes there are.
    package static var count: Int { 16 }

    /// The stripe of the calling thread. Any answer is right; different ones for different threads are fast.
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
