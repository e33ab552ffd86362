import FuzzTargets

/// `kvds-fuzz TARGET [libFuzzer's arguments]`: see `make fuzz`.
///
/// The package manager gives every executable its own `main`, so this one calls libFuzzer.
@main
enum Main {
    static func main() {
        guard Chosen.target != nil else {
            let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
            return print("usage: kvds-fuzz TARGET [libFuzzer's arguments]; the targets are \(names)")
        }
        // libFuzzer gets the remaining arguments, with the target's name as the program's name.
        var count = CommandLine.argc - 1
        var arguments = unsafe CommandLine.unsafeArgv + 1
        _ = unsafe LLVMFuzzerRunDriver(&count, &arguments, tryInput)
    }
}

private enum Chosen {
    static let target = CommandLine.arguments.dropFirst().first.flatMap(FuzzTarget.init(rawValue:))
}

@_cdecl("kvds_fuzz_try_input")
private func tryInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: data, count: count))
    // A crash is the only way to report a fault to libFuzzer.
    if let fault = Chosen.target?.fault(in: input) { fatalError(fault) }
    return 0
}

@_silgen_name("LLVMFuzzerRunDriver")
private func LLVMFuzzerRunDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
