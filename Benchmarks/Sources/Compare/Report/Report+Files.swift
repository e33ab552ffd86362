import Foundation

/// The files beside `results.json`.
extension Report {
    /// Where the results are kept, seen from the root of the repository or from the package of benchmarks.
    static var defaultDirectory: String {
        FileManager.default.fileExists(atPath: "Sources/Compare") ? "Results" : "Benchmarks/Results"
    }

    /// Writes the page, and draws the plots.
    func publish(in directory: String) throws {
        try Data(page.utf8).write(to: URL(fileURLWithPath: "\(directory)/results.md"))
        try PlotData(report: self).write(to: "\(directory)/data")
        let script = "\(directory)/../Plots/draw"
        guard FileManager.default.isExecutableFile(atPath: script) else { return }
        let drawing = Process()
        drawing.executableURL = URL(fileURLWithPath: script)
        drawing.arguments = [directory]
        try drawing.run()
        drawing.waitUntilExit()
    }
}
