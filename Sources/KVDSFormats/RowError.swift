/// A row that cannot be read, and its line number.
package struct RowError: Error, Equatable {
    package var line: Int
    package var message: String

    package init(line: Int, message: String) {
        self.line = line
        self.message = message
    }
}
