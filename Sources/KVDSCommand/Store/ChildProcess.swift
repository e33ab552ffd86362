import KVDS
import KVDSFormats
import KVDSSystem

/// A child process that runs this command again. Its standard output is read. Its standard error is discarded: a
/// crashing library must not write there, beside the one line that we report.
struct ChildProcess {
    /// The standard output of the child. It ends when the child ends.
    let output: Descriptor
    private let process: SpawnedProcess

    init(arguments: [String]) throws(StoreError) {
        // We expect the crash and report it, so the runtime need not spend seconds on a backtrace.
        let environment = Self.inheritedEnvironment() + ["SWIFT_BACKTRACE=enable=no"]
        let path = Self.executablePath
        do throws(SpawnedProcess.Failure) {
            process = try SpawnedProcess(
                path, [path] + arguments, environment: environment, [.sharesInput, .discardsErrors])
        } catch {
            throw .system(error.code, error.action, error.object)
        }
        output = Descriptor(process.output, name: "the checking process", isOwned: true)
    }

    /// Waits for the end of the child.
    ///
    /// - Returns: the child's exit code or signal, in words.
    func wait() throws(StoreError) -> String {
        do throws(SpawnedProcess.Failure) {
            let status = try process.wait()
            let signal = status & 0x7F
            return signal == 0 ? "exit \(status >> 8 & 0xFF)" : "signal \(signal)"
        } catch {
            throw .system(error.code, error.action, error.object)
        }
    }

    private static func inheritedEnvironment() -> [String] {
        var variables: [String] = []
        var next = unsafe environ
        while let variable = unsafe next.pointee {
            let text = unsafe String(cString: variable)
            if !text.hasPrefix("SWIFT_BACKTRACE=") { variables.append(text) }
            unsafe next += 1
        }
        return variables
    }

    private static var executablePath: String {
        #if canImport(Darwin)
        var length: UInt32 = 4096
        var buffer = [CChar](repeating: 0, count: Int(length))
        return unsafe _NSGetExecutablePath(&buffer, &length) == 0 ? String(cString: buffer) : CommandLine.arguments[0]
        #else
        return "/proc/self/exe"
        #endif
    }
}
