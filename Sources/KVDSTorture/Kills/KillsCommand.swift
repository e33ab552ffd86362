import ArgumentParser
import KVDS

struct KillsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kills", abstract: "Kill processes that write, and check what they leave.")

    @OptionGroup var options: TortureOptions

    func run() async throws {
        for backend in try options.backends(of: TortureBackend.disks) {
            try await options.run("kills", ["backend": backend.rawValue], rounds: 100) { run in
                while run.nextRound() != nil {}
            }
        }
    }
}
struct KillsChildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "kills-child", shouldDisplay: false)
    func run() async throws {}
}
