#if Command
import ArgumentParser

/// The command `kvds`. Its subcommands are the files in `Commands`.
struct RootCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kvds",
        abstract: "Read, write and maintain KVDS stores.",
        discussion: """
            Name the store with --store or the environment variable KVDS_STORE:

              export KVDS_STORE=lmdb:/var/lib/app/users
              kvds set user:42 ada
              kvds get user:42
              kvds scan --prefix user: | head -1
              kvds export users.tsv

            Keys and values are bytes: arguments are taken as UTF-8, output is raw. Put -- before an argument that \
            begins with a dash.

            Exit codes: 0 done; 1 the key is absent, or the condition did not hold; 2 an error, with one line on \
            standard error that advises what to do; 64 wrong usage.
            """,
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(
                name: "Keys:",
                subcommands: [
                    GetCommand.self, SetCommand.self, DeleteCommand.self, SetIfAbsentCommand.self,
                    CompareAndSwapCommand.self,
                ]),
            CommandGroup(
                name: "Many keys:",
                subcommands: [ScanCommand.self, ImportCommand.self, ExportCommand.self, WatchCommand.self]),
            CommandGroup(
                name: "Tables:",
                subcommands: [
                    TablesCommand.self, DescribeCommand.self, DecodeCommand.self, QueryCommand.self, TrainCommand.self,
                ]),
            CommandGroup(
                name: "Stores:",
                subcommands: [StatsCommand.self, VerifyCommand.self, BackupCommand.self, BenchCommand.self]),
        ])

    /// The same group as in each subcommand, so that `--store` may come before or after the subcommand.
    @OptionGroup var options: StoreOptions
}
#endif
