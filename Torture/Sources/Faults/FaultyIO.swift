import CFaultyIO

/// The system calls that this process makes on the files below one directory: counted, made to fail, recorded.
enum FaultyIO {
    /// Kinds of calls.
    struct Calls: OptionSet, Hashable, Sendable {
        let rawValue: Int32

        static let open = Calls(rawValue: Int32(FAULTY_OPEN))
        static let write = Calls(rawValue: Int32(FAULTY_WRITE))
        static let sync = Calls(rawValue: Int32(FAULTY_SYNC))
        static let length = Calls(rawValue: Int32(FAULTY_LENGTH))
        static let map = Calls(rawValue: Int32(FAULTY_MAP))
        static let name = Calls(rawValue: Int32(FAULTY_NAME))
        static let all = Calls(rawValue: Int32(FAULTY_ALL))
    }

    /// Whether calls are seen on this system.
    static var isAvailable: Bool {
        #if os(Linux)
        true
        #else
        false
        #endif
    }

    /// Watches the files at or below `directory` that are opened from now on; nil for none.
    static func watch(_ directory: String?) { unsafe faulty_io_watch(directory) }

    static func fail(_ fault: Fault) {
        faulty_io_fail(fault.kind.calls.rawValue, fault.nth, fault.kind.error, fault.stays)
    }

    /// Lets calls succeed again.
    static func mend() { faulty_io_mend() }

    static func count(_ calls: Calls) -> Int { faulty_io_count(calls.rawValue) }

    /// What was the first call that failed, as in "pwrite data.mdb"; nil when none has.
    static var firstFailure: String? {
        var text = [CChar](repeating: 0, count: 256)
        let count = unsafe text.withUnsafeMutableBufferPointer { text in
            unsafe faulty_io_failures(text.baseAddress, text.count)
        }
        return count == 0 ? nil : String(decoding: text.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    }

    /// Lets files grow by so many bytes in all; nil for any number.
    static func limitGrowth(to bytes: Int?) { faulty_io_limit_growth(bytes ?? -1) }

    /// Makes every sync a lie.
    static func skipSyncs(_ skips: Bool) { faulty_io_skip_syncs(skips) }

    static func beginRecord() { faulty_io_record(true) }

    /// Ends the record.
    ///
    /// - Returns: what was recorded.
    static func endRecord() -> [UInt8] {
        faulty_io_record(false)
        var count = 0
        let log = unsafe faulty_io_log(&count)
        return unsafe Array(UnsafeRawBufferPointer(start: log, count: count))
    }

    /// Records that something happened that is not a system call.
    static func mark(_ value: UInt64) { faulty_io_mark(value) }
}
