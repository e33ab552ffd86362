#if Command
import ArgumentParser
import KVDS
import KVDSFormats

/// An import that ended before the end of its file.
struct ImportFailure: Error, CustomStringConvertible {
    let description: String

    init(file: String, stop: ImportStop) {
        let written = "\(stop.written) entries before it were written, nothing of its batch"
        description =
            switch stop.cause {
            case let row as RowError:
                "\(file), line \(row.line): \(row.message); \(written). Correct the row and import again."
            case let error as StoreError: "\(file), up to line \(stop.line): \(error.line) \(written)."
            default: "\(file), up to line \(stop.line): \(stop.cause); \(written)."
            }
    }
}

/// The error that ended an import, and its progress until then.
struct ImportStop: Error {
    var cause: any Error
    var line: Int
    var written: Int
}
#endif
