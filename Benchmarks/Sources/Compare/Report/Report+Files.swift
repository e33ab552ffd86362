import Foundation

/// The files beside `results.json`.
extension Report {
    /// The path of the benchmark package, from its own folder or from the root of the repository.
    private static var package: String {
        FileManager.default.fileExists(atPath: "Sources/Compare") ? "." : "Benchmarks"
    }

    /// The directory of the results.
    static var defaultDirectory: String { "\(package)/Results" }

    /// Draws the plots, and writes the page that shows them.
    func publish(in directory: String) throws {
        let isDrawn = try draw(in: directory)
        let plots = try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasSuffix(".svg") }
        let images = plots.sorted().map { "![\($0.dropLast(4))](\($0))\n" }.joined(separator: "\n")
        let text = page + (plots.isEmpty ? "" : "\n## Plots\n\n" + images)
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(directory)/results.md"))
        if !isDrawn { throw PlotsFailed() }
    }

    /// - Returns: false if a plot could not be drawn. Without gnuplot no plots are drawn.
    private func draw(in directory: String) throws -> Bool {
        try PlotData(report: self).write(to: "\(directory)/data")
        let script = "\(Report.package)/Plots/draw"
        guard FileManager.default.isExecutableFile(atPath: script) else { return true }
        let drawing = Process()
        drawing.executableURL = URL(fileURLWithPath: script)
        drawing.arguments = [directory]
        try drawing.run()
        drawing.waitUntilExit()
        return drawing.terminationStatus == 0
    }

    struct PlotsFailed: Error, CustomStringConvertible {
        var description: String { "The results were written, but not all plots could be drawn; see above." }
    }
}
