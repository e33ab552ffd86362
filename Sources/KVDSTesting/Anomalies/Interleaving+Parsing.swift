import KVDS

/// The commands of an anomaly's script:
///
/// | command | meaning |
/// |---|---|
/// | `store x=1 y=2` | the entries before the first step; without it the store is empty |
/// | `t1: get x` | reads a key |
/// | `t1: scan p*` | reads a range |
/// | `t1: set x=x+1` | sets a key, here to a number that depends on an earlier read |
/// | `t1: commit`, `t1: rollback` | ends the transaction |
extension Interleaving {
    init(_ script: Script) throws(ScriptError) {
        guard script.blocks.count == 1 else {
            throw ScriptError(file: script.file, line: 1, message: "the script of an anomaly has one block")
        }
        var ended: Set<Int> = []
        let count = script.commands.compactMap { $0.call?.transaction }.max() ?? 0
        programs = Array(repeating: [], count: count)
        for line in script.commands {
            if line.text.hasPrefix("store "), schedule.isEmpty {
                initial = try Self.entries(line, script)
                continue
            }
            guard let (number, command) = line.call else { throw script.error(line, "\"\(line.text)\" is no command") }
            let index = number - 1
            if ended.contains(index) { throw script.error(line, "t\(number) has ended") }
            if command == "commit" || command == "rollback" { ended.insert(index) }
            if command != "commit" { programs[index].append(try Self.step(command, line, script)) }
            schedule.append(Turn(transaction: index, text: command))
        }
        if let open = programs.indices.first(where: { !ended.contains($0) }), let last = script.commands.last {
            throw script.error(last, "t\(open + 1) does not \(programs[open].isEmpty ? "begin" : "end")")
        }
    }

    private static func step(_ command: String, _ line: Script.Line, _ script: Script) throws(ScriptError) -> Step {
        let words = command.split(separator: " ", maxSplits: 1).map(String.init)
        switch (words[0], words.count) {
        case ("rollback", 1): return .abort
        case ("get", 2): return .read(Bytes(words[1]))
        case ("scan", 2): return .scan(KeyRange(script: words[1]), text: words[1])
        case ("set", 2):
            let sides = words[1].split(separator: "=", maxSplits: 1).map(String.init)
            if sides.count == 2, let assignment = Assignment(sides[1]) { return .write(Bytes(sides[0]), assignment) }
        default: break
        }
        throw script.error(line, "\"\(command)\" is no command")
    }

    private static func entries(_ line: Script.Line, _ script: Script) throws(ScriptError) -> [Entry] {
        var entries: [Entry] = []
        for word in line.text.split(separator: " ").dropFirst() {
            let sides = word.split(separator: "=")
            guard sides.count == 2 else { throw script.error(line, "\"\(word)\" is no entry") }
            entries.append(Entry(key: Bytes(String(sides[0])), value: Bytes(String(sides[1]))))
        }
        return entries.sorted { $0.key < $1.key }
    }
}
