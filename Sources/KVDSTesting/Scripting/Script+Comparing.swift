extension Script {
    /// The text of the script with the observed outputs instead of the expected ones. Expected outputs of other
    /// variants stay.
    ///
    /// - Parameter observed: the outputs of each block.
    func text(with observed: [[Output]]) -> String {
        var text: [String] = []
        var start = 0
        for (block, outputs) in zip(blocks, observed) {
            text += lines[start..<block.outputStart]
            var all = block.outputs
            for output in outputs {
                if let known = all.firstIndex(where: { $0.variant == output.variant }) {
                    all[known] = output
                } else {
                    all.append(output)
                }
            }
            // A new block has only `---`.
            if all.count > 1 { all.removeAll { $0.variant.isEmpty && $0.lines.isEmpty } }
            for output in all { text += [output.variant.isEmpty ? "---" : "--- \(output.variant)"] + output.lines }
            start = block.end
        }
        text += lines[start...]
        return text.map { "\($0)\n" }.joined()
    }

    /// A variant with an expected output that was not observed; nil if there is none.
    func missingVariant(in observed: [[Output]]) -> String? {
        for (block, outputs) in zip(blocks, observed) {
            for expected in block.outputs where !expected.lines.isEmpty {
                if !outputs.contains(where: { $0.variant == expected.variant }) { return expected.variant }
            }
        }
        return nil
    }

    /// The difference between the expected and the observed outputs, for a log; nil if there is none.
    func difference(from observed: [[Output]]) -> String? {
        if observed.count != blocks.count {
            return "\(file): \(observed.count) of \(blocks.count) blocks were run"
        }
        let text = text(with: observed)
        let actual = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
        if actual == lines { return nil }
        let diff = LineDiff(lines, actual)
        return "\(file):\(diff.firstLine): - is expected, + was observed\n\(diff)"
    }
}
