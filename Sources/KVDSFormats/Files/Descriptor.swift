package import KVDS
import KVDSSystem

/// A file descriptor. If it was opened here, it is closed when the last reference is released.
package final class Descriptor: Sendable {
    package let number: Int32
    /// Its path, or a name for error messages.
    package let name: String
    private let isOwned: Bool

    package init(_ number: Int32, name: String, isOwned: Bool) {
        self.number = number
        self.name = name
        self.isOwned = isOwned
    }

    deinit {
        if isOwned { _ = close(number) }
    }

    package static let standardInput = Descriptor(STDIN_FILENO, name: "standard input", isOwned: false)
    package static let standardOutput = Descriptor(STDOUT_FILENO, name: "standard output", isOwned: false)
    package static let standardError = Descriptor(STDERR_FILENO, name: "standard error", isOwned: false)

    package static func reading(_ path: String) throws(StoreError) -> Descriptor {
        try opening(path, O_RDONLY)
    }

    /// Opens a pipe or a device for writing.
    package static func writing(_ path: String) throws(StoreError) -> Descriptor { try opening(path, O_WRONLY) }

    static func opening(_ path: String, _ flags: Int32) throws(StoreError) -> Descriptor {
        let number = unsafe open(path, flags | O_CLOEXEC, 0o600)
        let code = errno
        let isDirectory = Path.isDirectory(path)
        guard number >= 0, !isDirectory else {
            if number >= 0 { _ = close(number) }
            if isDirectory { throw StoreError(.invalidArgument, "\(path) is a directory; name a file.") }
            throw .system(code, "open", path)
        }
        return Descriptor(number, name: path, isOwned: true)
    }

    /// Makes a write to a pipe without a reader throw an error, instead of ending the process.
    package static func ignoreBrokenPipeSignal() { _ = signal(SIGPIPE, SIG_IGN) }

    package var isTerminal: Bool { isatty(number) == 1 }

    /// The length of a regular file; nil for pipes, terminals and devices.
    package var fileLength: Int? {
        var status = stat()
        guard unsafe fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// Reads the available bytes into `buffer`, up to its length. Waits for the first byte.
    ///
    /// - Returns: the number of bytes read; 0 at the end.
    package func read(into buffer: inout [UInt8]) throws(StoreError) -> Int {
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { raw in
                unsafe KVDSSystem.read(number, raw.baseAddress, raw.count)
            }
            if count >= 0 { return count }
            try waitAfterFailure("read", for: POLLIN)
        }
    }

    /// Writes all of `bytes`.
    ///
    /// - Throws: `BrokenPipe` when the reader has closed the pipe, else `StoreError`.
    package func write(_ bytes: [UInt8]) throws {
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { raw in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: raw[start...])
                return unsafe KVDSSystem.write(number, rest.baseAddress, rest.count)
            }
            if count >= 0 {
                start += count
            } else {
                if errno == EPIPE { throw BrokenPipe() }
                try waitAfterFailure("write to", for: POLLOUT)
            }
        }
    }

    /// Returns when the failed call can be tried again, and throws when it cannot.
    private func waitAfterFailure(_ action: String, for events: some BinaryInteger) throws(StoreError) {
        switch errno {
        case EINTR: return
        case EAGAIN:
            var request = pollfd(fd: number, events: Int16(events), revents: 0)
            _ = unsafe poll(&request, 1, -1)
        case let code: throw .system(code, action, name)
        }
    }

    /// Writes a line for a person. A failure to write it is ignored.
    package func report(_ line: String) { try? write(Array("\(line)\n".utf8)) }
}
