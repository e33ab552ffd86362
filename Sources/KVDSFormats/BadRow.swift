/// The reason why a row is bad. The caller that reads the rows adds the line number.
package struct BadRow: Error, Equatable {
    package var message: String
    package init(_ message: String) { self.message = message }
}
