import Foundation
import Git
import Jobs
import Model
import Store

/// A search for the files in scope that no landing check sees: the checks pass although one of them is broken.
package struct ProbeSweep: Sendable {
    package struct Findings: Sendable, Equatable {
        /// Files that no landing check sees, sorted.
        package var unseen: [String] = []
        /// How many files were broken, in all stages.
        package var files = 0
        /// Files that are not decided, because the search ended before.
        package var open: [String] = []
        /// How often the landing checks ran. Known verdicts do not count.
        package var runs = 0
    }

    private let probe: LandingProbe

    /// - Parameter answersKnown: whether a known verdict on the same tree replaces a check.
    package init(_ setup: RunSetup, environment: [String: String], answersKnown: Bool = true) {
        probe = LandingProbe(
            plan: setup.plan, repository: setup.repository, state: setup.state,
            environment: BaseEnvironment(coordinator: environment), answersKnown: answersKnown,
            executors: setup.executors)
    }

    /// Breaks all files of a stage at once. If a check fails, breaks each half of these files, and so on.
    ///
    /// The result is stored for `review`. The verdicts are stored too, so that another search asks nothing twice.
    /// - Parameters:
    ///   - limit: how often the landing checks may run.
    ///   - progress: called with the number of runs so far.
    /// - Throws: `StoreError.locked` if a run of the plan is active, because this uses its slots.
    package func search(
        _ outlook: RunSetup.Outlook, limit: Int, progress: (Int) -> Void
    ) async throws -> Findings {
        try probe.state.make()
        let lock = try RunLock(folder: probe.state.path, plan: probe.plan.name)
        let run = RunID("\(probe.plan.name)-probe")
        let store = try EventStore(path: probe.state.store)
        let found = NewVerdicts()
        let session = try await LandingProbe.Session(probe, as: run, store) { verdicts, _ in found.add(verdicts, []) }
        var findings = Findings()
        for (number, stage) in probe.plan.stages.enumerated() where probe.isProbed(stage) {
            let files = probe.files(ofStage: number, in: outlook)
            findings.files += files.paths.count
            var parts = files.paths.isEmpty ? [] : [files]
            while let part = parts.popLast() {
                guard findings.runs < limit else {
                    findings.open += part.paths
                    continue
                }
                let results = try await session.results(
                    of: stage, on: part, at: outlook.base, logs: "\(probe.state.logs)/\(run)", keepGoing: false)
                if !results.allSatisfy(\.isKnown) { findings.runs += 1 }
                progress(findings.runs)
                if results.allSatisfy({ $0.outcome == .passed }) {
                    findings.unseen += part.paths
                } else {
                    parts += part.halves
                }
            }
        }
        findings.unseen = Set(findings.unseen).sorted()
        findings.open = Set(findings.open).sorted()
        let result = Fact.FilesProbed(
            plan: probe.plan.name, base: outlook.base, checks: probe.plan.landingKey, unseen: findings.unseen,
            undecided: findings.open)
        if findings.files > 0 {
            try store.append((found.facts + [.filesProbed(result)]).map { .fact($0) }, run: run, time: .now)
        }
        lock.release()
        return findings
    }
}
