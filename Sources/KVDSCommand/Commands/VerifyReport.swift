#if Command
import ArgumentParser
import KVDS
import KVDSFormats

/// A message from the checking process to the process that waits for it, one per line.
enum VerifyReport {
    case total(Int)
    case progress(Int)
    case sound(Int)
    /// The store was read and is damaged.
    case corrupt(String)
    /// The store could not be read.
    case failed(String)

    init?(line: String) {
        let words = line.split(separator: " ", maxSplits: 1)
        guard words.count == 2 else { return nil }
        switch (words[0], Int(words[1])) {
        case ("total", let count?): self = .total(count)
        case ("progress", let count?): self = .progress(count)
        case ("sound", let count?): self = .sound(count)
        case ("corrupt", _): self = .corrupt(String(words[1]))
        case ("failed", _): self = .failed(String(words[1]))
        default: return nil
        }
    }

    var line: String {
        switch self {
        case .total(let count): "total \(count)"
        case .progress(let count): "progress \(count)"
        case .sound(let count): "sound \(count)"
        case .corrupt(let message): "corrupt \(message.onOneLine)"
        case .failed(let message): "failed \(message.onOneLine)"
        }
    }

    /// Checks the store and reports on standard output.
    static func write(for options: StoreOptions) async {
        func send(_ report: VerifyReport) { Descriptor.standardOutput.report(report.line) }
        do {
            let count = try await options.withStore(.existing) { store in
                guard let inspector = store.inspector else {
                    throw StoreError(
                        .invalidArgument, "This kind of store cannot be checked from here.", store: options.url)
                }
                if let total = await store.knownEntryCount { send(.total(total)) }
                var last = ContinuousClock.now
                return try await inspector.verifyAll { count in
                    let now = ContinuousClock.now
                    guard now - last > .milliseconds(100) else { return }
                    last = now
                    send(.progress(count))
                }
            }
            send(.sound(count))
        } catch {
            let message = (error as? StoreError)?.line ?? "\(error)"
            send((error as? StoreError)?.code == .corrupt ? .corrupt(message) : .failed(message))
        }
    }
}
#endif
