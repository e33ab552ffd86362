#if Command
import CFaultyIO

/// Counts, fails and records the system calls that this process makes on files below one directory.
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

    /// Whether calls can be observed on this system.
    static var isAvailable: Bool {
        #if os(Linux)
        true
        #else
        false
        #endif
    }

    /// Watches the files in or below `directory` that are opened from now on; nil for none.
    static func watch(_ directory: String?) { unsafe faulty_io_watch(directory) }

    static func fail(_ fault: Fault) {
        faulty_io_fail(fault.kind.calls.rawValue, fault.nth, fault.kind.error, fault.stays)
    }

    /// Removes the fault.
    static func mend() { faulty_io_mend() }

    static func count(_ calls: Calls) -> Int { faulty_io_count(calls.rawValue) }

    /// The first call that failed, for example "pwrite data.mdb"; nil if none has failed.
    static var firstFailure: String? {
        var text = [CChar](repeating: 0, count: 256)
        let count = unsafe text.withUnsafeMutableBufferPointer { text in
            unsafe faulty_io_failures(text.baseAddress, text.count)
        }
        return count == 0 ? nil : String(decoding: text.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    }

    /// Lets files grow by this many bytes in total; nil for no limit.
    static func limitGrowth(to bytes: Int?) { faulty_io_limit_growth(bytes ?? -1) }

    /// Makes syncs report success without syncing.
    static func skipSyncs(_ skips: Bool) { faulty_io_skip_syncs(skips) }

    static func beginRecord() { faulty_io_record(true) }

    /// Stops recording.
    ///
    /// - Returns: the log.
    static func endRecord() -> [UInt8] {
        faulty_io_record(false)
        var count = 0
        let log = unsafe faulty_io_log(&count)
        return unsafe Array(UnsafeRawBufferPointer(start: log, count: count))
    }

    /// Records an event that is not a system call.
    static func mark(_ value: UInt64) { faulty_io_mark(value) }
}
#endif
