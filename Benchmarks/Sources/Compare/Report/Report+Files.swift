import Foundation

/// The files beside `results.json`.
extension Report {
    /// The package of benchmarks, seen from itself or from the root of the repository.
    private static var package: String {
        FileManager.default.fileExists(atPath: "Sources/Compare") ? "." : "Benchmarks"
    }

    /// Where the results are kept.
    static var defaultDirectory: String { "\(package)/Results" }

    /// Writes the page, and draws the plots.
    func publish(in directory: String) throws {
        try Data(page.utf8).write(to: URL(fileURLWithPath: "\(directory)/results.md"))
        try PlotData(report: self).write(to: "\(directory)/data")
        let script = "\(Report.package)/Plots/draw"
        guard FileManager.default.isExecutableFile(atPath: script) else { return }
        let drawing = Process()
        drawing.executableURL = URL(fileURLWithPath: script)
        drawing.arguments = [directory]
        try drawing.run()
        drawing.waitUntilExit()
    }
}
