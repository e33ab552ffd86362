import Foundation

/// Whether tests run at full length, as `make test` asks for in its optimised run: `KVDS_LONG_TESTS=1 swift test`.
public let takesLong = ProcessInfo.processInfo.environment["KVDS_LONG_TESTS"] != nil
