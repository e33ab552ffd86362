// The C library of the platform, under one name on all platforms. A header could include the same C headers, but
// `errno`, `open`, `fcntl` and other names come from the Swift part of these modules. Only `@_exported` passes them on.

#if canImport(Darwin)
@_exported public import Darwin
#elseif canImport(Glibc)
@_exported public import Glibc
#elseif canImport(Musl)
@_exported public import Musl
#endif
