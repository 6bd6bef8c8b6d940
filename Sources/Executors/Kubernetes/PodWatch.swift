import Foundation
import Model

/// The state of all jobs of an executor, asked with one command for all who want to know.
actor PodWatch {
    private typealias Answer = Result<PodReading, Kubectl.Fault>

    private let kubectl: Kubectl
    private let pause: Duration
    /// Labels of the runs whose jobs are looked for.
    private var runs: Set<String> = []
    private var last: (start: ContinuousClock.Instant, answer: Answer)?
    private var current: (start: ContinuousClock.Instant, work: Task<Answer, Never>)?

    /// - Parameter pause: between the beginnings of two commands.
    init(_ kubectl: Kubectl, pause: Duration) {
        self.kubectl = kubectl
        self.pause = pause
    }

    /// Returns what the cluster said at this time or later.
    ///
    /// - Parameter run: label of the run that the caller asks about.
    func reading(since time: ContinuousClock.Instant, run: String) async throws(Kubectl.Fault) -> PodReading {
        if runs.insert(run).inserted {
            // Neither this one nor the one under way looked for the jobs of this run.
            _ = await current?.work.value
            last = nil
        }
        while true {
            if let last, last.start >= time { return try last.answer.get() }
            let (start, work) = current ?? begin()
            let answer = await work.value
            if start >= time { return try answer.get() }
        }
    }

    private func begin() -> (ContinuousClock.Instant, Task<Answer, Never>) {
        let due = last.map { $0.start + pause } ?? .now
        let start = max(due, .now)
        let (kubectl, runs) = (kubectl, runs)
        let work = Task { () -> Answer in
            try? await Task.sleep(until: start)
            let answer = await Self.ask(kubectl, runs)
            self.ended(start, answer)
            return answer
        }
        current = (start, work)
        return (start, work)
    }

    private func ended(_ start: ContinuousClock.Instant, _ answer: Answer) {
        current = nil
        last = (start, answer)
    }

    private static func ask(_ kubectl: Kubectl, _ runs: Set<String>) async -> Answer {
        let selector = "\(PodManifest.runLabel) in (\(runs.sorted().joined(separator: ",")))"
        do throws(Kubectl.Fault) {
            let data = try await kubectl.run(["get", "jobs,pods", "--selector", selector, "--output", "json"])
            guard let reading = try? PodReading(data) else {
                return .failure(.unreachable("kubectl gave an answer that cannot be read"))
            }
            return .success(reading)
        } catch {
            return .failure(error)
        }
    }
}

/// Lets a few callers through at once; the others wait for their turn.
actor ExchangeTurns {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) { free = count }

    func take() async {
        if free > 0 {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    func giveBack() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
