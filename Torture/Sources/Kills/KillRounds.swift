#if Command
import KVDS
import KVDSTesting

/// Rounds of kills on one workload's files. Each child continues where the previous one was killed.
struct KillRounds {
    static let tasks = 12
    /// The number of rounds after which new files are made.
    static let roundsOfFiles = 50

    let backend: TortureBackend
    let durability: TortureDurability
    let processes: Int
    let bug: PlantedBug?
    private var times = KillTimes()

    init(backend: TortureBackend, durability: TortureDurability, processes: Int, bug: PlantedBug?) {
        self.backend = backend
        self.durability = durability
        self.processes = processes
        self.bug = bug
    }

    mutating func run(_ run: inout Run) async throws {
        var files: KilledFiles?
        for name in ["kills"] + KillPoint.allCases.map({ "kills-\($0)" }) where processes == 1 { run.count(name, 0) }
        while let round = run.nextRound() {
            if round % Self.roundsOfFiles == 0 {
                try await files?.finish()
                files = try await makeFiles(&run, number: round / Self.roundsOfFiles)
            }
            guard let files else { return }
            do {
                if processes == 1 { try kill(files, &run) } else { try killSeveral(files, &run) }
                try await files.check()
            } catch let error as BrokenPromise {
                throw BrokenPromise("round \(round): \(error)")
            }
            run.count("acknowledged", files.takeCount())
        }
        try await files?.finish()
    }

    private func makeFiles(_ run: inout Run, number: Int) async throws -> KilledFiles {
        let workload = Workload(seed: run.random.next(), growsFiles: number % 2 == 0)
        return try await KilledFiles(
            path: "\(run.directory)/\(number)", backend: backend, durability: durability, workload: workload,
            // A process that keeps the store open while others die preserves the lock file and the locks that they held
            // in it.
            isHeld: processes > 1 && number % 2 == 1, checksRevisions: bug == nil || bug == .oldRevision)
    }

    private mutating func kill(_ files: KilledFiles, _ run: inout Run) throws {
        var moments = KillPoint.allCases
        if !files.workload.growsFiles { moments.removeAll { $0 == .growth } }
        let moment = moments[run.random.below(moments.count)]
        if moment == .opening {
            // Leave something to recover.
            let first = try start(files, 0..<Self.tasks)
            try first.work(1 + run.random.below(100))
            try first.kill()
            try files.take(first.acknowledgements, of: 0..<Self.tasks)
            run.count("kills")
        }
        let target = try start(files, 0..<Self.tasks)
        let isMet = try target.kill(
            moment, files: FileWatch(files.path, backend), times: times, &run.random)
        try files.take(target.acknowledgements, of: 0..<Self.tasks)
        times.learn(from: target)
        run.count("kills")
        if isMet { run.count("kills-\(moment)") }
    }

    /// Kills one process after the other. The remaining ones must continue to work.
    private func killSeveral(_ files: KilledFiles, _ run: inout Run) throws {
        let share = Self.tasks / processes
        let shares = (0..<processes).map { $0 * share..<($0 + 1) * share }
        var targets = try shares.map { (target: try start(files, $0), tasks: $0) }
        while !targets.isEmpty {
            for (target, _) in targets { try target.work(1 + run.random.below(20)) }
            let (target, tasks) = targets.remove(at: run.random.below(targets.count))
            try target.wait(.microseconds(run.random.below(2_000)))
            try target.kill()
            try files.take(target.acknowledgements, of: tasks)
            run.count("kills")
        }
    }

    private func start(_ files: KilledFiles, _ tasks: Range<Int>) throws -> KillTarget {
        try KillTarget(
            [
                "--path", files.path, "--backend", backend.rawValue, "--durability", durability.rawValue, "--seed",
                "\(files.workload.seed)", "--first-task", "\(tasks.lowerBound)", "--tasks", "\(tasks.count)",
            ] + (files.workload.growsFiles ? ["--grows-files"] : [])
                + (bug.map { ["--broken", $0.rawValue] } ?? []))
    }
}
#endif
