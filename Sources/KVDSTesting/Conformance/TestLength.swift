import Foundation

/// Whether tests run at full length, as in the optimised run of `make test`: `KVDS_LONG_TESTS=1 swift test`.
package let takesLong = ProcessInfo.processInfo.environment["KVDS_LONG_TESTS"] != nil
