#if Command
import ArgumentParser
import KVDSFormats

/// `--format csv`.
extension RowFormat: ExpressibleByArgument {}
#endif
