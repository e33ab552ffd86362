import KVDS

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Nobody reads our output any more.
package struct BrokenPipe: Error {}
