import FuzzTargets

/// `kvds-fuzz TARGET [libFuzzer's arguments]`: see `make fuzz`.
///
/// It brings its own `main`, because the package manager gives every executable one, and hands over to libFuzzer.
@main
enum Main {
    static func main() {
        guard Chosen.target != nil else {
            let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
            return print("usage: kvds-fuzz TARGET [libFuzzer's arguments]; the targets are \(names)")
        }
        // libFuzzer sees the rest, with the name of the target as that of the program.
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
    // The one way to tell libFuzzer that an input is what it looks for.
    if let fault = Chosen.target?.fault(in: input) { fatalError(fault) }
    return 0
}

@_silgen_name("LLVMFuzzerRunDriver")
private func LLVMFuzzerRunDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
