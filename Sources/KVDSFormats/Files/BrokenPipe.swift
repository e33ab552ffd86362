import KVDS

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The reader of our output has closed it.
package struct BrokenPipe: Error {}
