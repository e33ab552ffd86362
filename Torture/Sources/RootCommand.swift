#if Command
import ArgumentParser

/// The command `kvds-torture`. Its subcommands are in the folders beside this file.
struct RootCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kvds-torture",
        abstract: "Breaks stores in every way there is, and checks that their promises hold.",
        discussion: """
            Each kind prints its seed first and a line of figures for each backend at the end:

              TORTURE kills backend=lmdb durability=durable seed=42 rounds=1000 ... faults-found=0

            With --broken it tries a store that breaks its promises on purpose, and fails when that is not noticed.

            Exit codes: 0 every promise held, or the broken store was caught; 1 a promise is broken, the files are kept and \
            named; 64 wrong usage.
            """,
        subcommands: [
            KillsCommand.self,
            FaultsCommand.self,
            PowerCommand.self,
            DiskCommand.self,
            HistoriesCommand.self,
            LifetimesCommand.self,
            FlipsCommand.self,
            SoakCommand.self,
            KillsChildCommand.self,
            FaultsChildCommand.self,
            PowerChildCommand.self,
            FlipsChildCommand.self,
        ])
}
#endif
