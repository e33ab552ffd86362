#if Command
import ArgumentParser
import KVDS
import KVDSFormats

/// Values from the command line.
enum ArgumentBytes {
    /// The UTF-8 bytes of the argument or, when it is `-`, all of standard input, unchanged.
    static func value(_ argument: String) throws(StoreError) -> Bytes {
        guard argument == "-" else { return Bytes(argument) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = try Descriptor.standardInput.read(into: &chunk)
            if count == 0 { return Bytes(bytes) }
            bytes.append(contentsOf: chunk[..<count])
        }
    }
}
#endif
