import ArgumentParser
import KVDSFormats

/// `--format csv`.
extension RowFormat: ExpressibleByArgument {}
