/// What is wrong with a row; who reads the rows knows which line it is.
package struct BadRow: Error, Equatable {
    package var message: String
    package init(_ message: String) { self.message = message }
}
