#if Command
import KVDS

extension WorkloadRun {
    /// Records the progress that another process reported. A batch that began and did not end has an unknown outcome.
    func replay(_ story: [String]) {
        var open: [(step: Int, batches: [WriteBatch?])] = []
        for line in story {
            let words = line.split(separator: " ")
            guard words.count > 1, let step = Int(words[1]) else { continue }
            switch words[0] {
            case "began": open = [(step, workload.batches(of: step))]
            case "ended":
                guard words.count == 4, let number = Int(words[2]), let batch = open.first?.batches[number],
                    let outcome = PossibleStates.Outcome(rawValue: String(words[3]))
                else { continue }
                note(batch, outcome)
                open[0].batches[number] = nil
            default: continue
            }
        }
        for batch in (open.first?.batches ?? []).compactMap(\.self) { note(batch, .unknown) }
    }
}
#endif
