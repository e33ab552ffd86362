/// A row that cannot be read, and where it is.
package struct RowError: Error, Equatable {
    package var line: Int
    package var message: String

    package init(line: Int, message: String) {
        self.line = line
        self.message = message
    }
}
