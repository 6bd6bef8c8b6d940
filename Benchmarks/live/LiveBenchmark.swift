import Foundation
import Model
import Reporting
import Store

/// The time of a frame, of a key, of the document, and of the looks for changes, on a synthetic run.
struct LiveBenchmark {
    let tasks: Int

    private static let rounds = 100
    private var now: Timestamp { Timestamp(seconds: Date().timeIntervalSince1970) }

    func run() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "live-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "state.sqlite").path
        try write(path)
        let reader = try StoreReader(path: path)
        // Processor time, which other programs on the machine change little.
        func median(_ body: (Int) throws -> Void) rethrows -> Double {
            var times: [Double] = []
            for round in 0..<Self.rounds {
                let start = clock()
                try body(round)
                times.append(Double(clock() - start) / Double(CLOCKS_PER_SEC) * 1000)
            }
            return times.sorted()[Self.rounds / 2]
        }

        var document: StatusDocument?
        let reading = try median { _ in
            document = try StatusReport(reader, run: nil, owner: nil, now: now).document
        }
        guard let document else { return }
        let data = LiveData(document: document)
        print("\(tasks) tasks, medians of \(Self.rounds), in processor time")
        print(String(format: "document from the store   %7.2f ms   target 100 ms", reading))
        for (width, height) in [(80, 24), (120, 40), (200, 60)] {
            var view = LiveView(isOwner: false)
            view.resize(width: width, height: height)
            var shown: Grid?
            var bytes = 0
            let frame = median { _ in
                _ = view.press(.down, data)
                let grid = view.draw(data, now: now)
                let update = grid.update(from: shown, isColored: true)
                bytes += update.count
                shown = grid
            }
            print(
                String(
                    format: "key and frame at %3d×%-3d   %7.2f ms   target  20 ms   %5d bytes a frame", width, height,
                    frame,
                    bytes / Self.rounds))
        }
        let look = try median { _ in _ = try reader.changeSignal() }
        print(String(format: "look for changes          %7.3f ms   4 a second: %.3f %% of a core", look, look * 0.4))
    }

    /// A run in which a third of the tasks has landed, some have failed, and the others wait.
    private func write(_ path: String) throws {
        let store = try EventStore(path: path)
        let run = RunID("benchmark-1")
        guard let base = ObjectID(hex: String(repeating: "a", count: 40)) else { return }
        let all = (0..<tasks).map { number in
            MigrationTask(
                id: TaskID("src-part\(number / 40)-file\(number).py"), title: "Use the new interface in file \(number)",
                files: ["src/part\(number / 40)/file\(number).py"])
        }
        let plan = Plan(
            name: "benchmark", goal: "Measure.", repository: "/repository",
            workers: WorkerRules(ladder: [Rung(worker: Worker(name: "codemod", run: "true"))]))
        var bodies: [LoggedEvent.Body] = [
            .fact(.runStarted(.init(plan: plan, base: base, tip: base, tasks: all))),
            .fact(.coordinatorStarted(.init(processID: 1, tip: base))),
        ]
        for (number, task) in all.prefix(tasks / 3).enumerated() {
            bodies.append(.decision(.start(.init(task: task.id, attempt: 1, rung: 0, reason: "free"))))
            bodies.append(
                .fact(.workerStarted(.init(task: task.id, attempt: 1, worker: "codemod", slot: 0, base: base))))
            if number % 20 == 0 {
                let failure = Failure(kind: .taskCheck, summary: "test.py:\(number) AssertionError: lists differ")
                bodies.append(
                    .fact(
                        .attemptFailed(
                            .init(
                                task: task.id, attempt: 1, worker: "codemod", base: base, failure: failure, checks: [],
                                seconds: 3))))
                bodies.append(.decision(.fail(.init(task: task.id, reason: failure.summary))))
                continue
            }
            bodies.append(
                .fact(
                    .attemptVerified(
                        .init(
                            task: task.id, attempt: 1, worker: "codemod", commit: base, base: base, tree: base,
                            changes: [],
                            checks: [], seconds: 3, reason: ""))))
            bodies.append(.decision(.check(.init(candidate: number + 1, tasks: [task.id], after: nil, reason: "next"))))
            bodies.append(
                .fact(
                    .candidatePassed(
                        .init(
                            candidate: number + 1, tip: base, commits: [.init(task: task.id, commit: base)], tree: base,
                            checks: [], seconds: 1))))
            bodies.append(
                .fact(.landed(.init(candidate: number + 1, commits: [.init(task: task.id, commit: base)]))))
        }
        _ = try store.append(bodies, run: run, time: now)
    }
}
