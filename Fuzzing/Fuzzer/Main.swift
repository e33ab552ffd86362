import FuzzTargets

/// `kvds-fuzz TARGET [libFuzzer's arguments]`: see `make fuzz`.
///
/// It brings its own `main`, because the package manager gives every executable one, and hands over to libFuzzer.
@main
enum Main {
    static func main() {
        let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
        guard CommandLine.arguments.count > 1, let target = FuzzTarget(rawValue: CommandLine.arguments[1]) else {
            return print("usage: kvds-fuzz TARGET [libFuzzer's arguments]; the targets are \(names)")
        }
        chosen = target
        // libFuzzer sees the rest, with the name of the program before it.
        var count = CommandLine.argc - 1
        var arguments = unsafe CommandLine.unsafeArgv + 1
        unsafe arguments[0] = CommandLine.unsafeArgv[0]
        _ = unsafe LLVMFuzzerRunDriver(&count, &arguments) { data, count in
            let input = unsafe Array(UnsafeRawBufferPointer(start: data, count: count))
            // The one way to tell libFuzzer that an input is what it looks for.
            if let fault = chosen.fault(in: input) { fatalError("\(chosen.rawValue): \(fault)") }
            return 0
        }
    }

    /// Set once, before anything runs.
    private nonisolated(unsafe) static var chosen = FuzzTarget.tsv
}

private typealias Arguments = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

@_silgen_name("LLVMFuzzerRunDriver")
private func LLVMFuzzerRunDriver(
    _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<Arguments>,
    _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
