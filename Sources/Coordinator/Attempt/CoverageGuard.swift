import Git
import Jobs
import Model
import Synchronization
import Verification

/// Compares what the task checks of an attempt cover with what they cover on the run's base.
struct CoverageGuard {
    let context: WorkContext
    let attempt: Attempt
    let checks: RunChecks.StageChecks
    let workplace: Workplace

    /// What the checks of an attempt have measured so far.
    final class Measurement: Sendable {
        private let sum = Mutex(CoverageReport())

        func add(_ report: CoverageReport) { sum.withLock { $0.merge(report) } }

        var report: CoverageReport { sum.withLock { $0 } }
    }

    private var measuring: [Check] { checks.rules.task.filter { $0.coverage != nil } }

    /// Judges an attempt whose task checks have passed.
    /// - Throws: what the moves of the slot throw.
    func judge(_ after: CoverageReport, of change: AttemptRun.Change) async throws -> Failure? {
        guard let rules = checks.stage.guards.coverage else { return nil }
        guard !after.isEmpty else {
            let check = measuring[0]
            return Failure(
                kind: .guardRule,
                summary: "check '\(check.name)' wrote no coverage report that matches '\(check.coverage ?? "")'")
        }
        let before: CoverageReport
        switch try await base() {
        case .success(let report): before = report
        case .failure(let unknown): return unknown.failure
        }
        let deleted = Set(change.files.filter { $0.status == .deleted }.map(\.path))
        return CoverageRule(rules).judge(
            attempt.task.files.filter { !deleted.contains($0) }, before: before, after: after)
    }

    private struct Unknown: Error {
        let failure: Failure
    }

    /// Returns the coverage on the run's base. It is measured once, unless the commands depend on the task.
    private func base() async throws -> Result<CoverageReport, Unknown> {
        let dependsOnTask = measuring.contains { check in
            (try? CommandTemplate(check.run)).map { !$0.placeholders.isEmpty } ?? true
        }
        let key = "\(attempt.task.stage) \(dependsOnTask ? attempt.task.id.rawValue : "")"
        if let known = context.coverage[key] { return .success(known) }
        _ = try await workplace.slot.move(to: context.base)
        let sum = Measurement()
        var place = CheckRunner.Place(
            checkout: workplace.slot.treePath, logs: workplace.job.path, job: workplace.jobPlace)
        place.measured = { sum.add($0) }
        let results = await checks.runner.run(
            measuring, files: attempt.task.files, tests: attempt.task.tests, task: attempt.task.id, in: place)
        if let failed = results.first(where: { $0.outcome != .passed }) {
            return .failure(Unknown(failure: Self.unknown("check '\(failed.name)' did not pass", failed.digest)))
        }
        if sum.report.isEmpty {
            return .failure(Unknown(failure: Self.unknown("check '\(measuring[0].name)' wrote no report", "")))
        }
        context.coverage[key] = sum.report
        return .success(sum.report)
    }

    private static func unknown(_ reason: String, _ detail: String) -> Failure {
        Failure(
            kind: .infrastructure, summary: "the coverage on the base cannot be measured: \(reason) there",
            detail: detail)
    }
}

/// The coverage on a run's base, by stage and, where commands depend on it, task.
final class CoverageMemory: Sendable {
    private let known = Mutex<[String: CoverageReport]>([:])

    subscript(key: String) -> CoverageReport? {
        get { known.withLock { $0[key] } }
        set { known.withLock { $0[key] = newValue } }
    }
}
