import Executors
import Foundation
import Git
import Jobs
import Model
import Store
import Verification

/// The way to executors for checks of whole trees that name one.
struct RemoteChecks: Sendable {
    let executors: ExecutorSet
    let plan: Plan
    let repository: Repository
    let state: StateFolder
    let services: JobServices
    /// The commit that machines may fetch from the executor's source; nil for the one that is checked.
    var runBase: ObjectID?
    /// Tells people what went wrong and was dealt with.
    var note: @Sendable (String) -> Void = { _ in }

    /// Jobs for one list of checks before its machines count as faulty. Only a lost one is repeated.
    private static let tries = 3

    /// Checks of the same executor that follow each other in a list, and the tree that they judge.
    struct Part: Sendable {
        let checks: [Check]
        /// Environment entries of every check.
        let variables: [String]
        let commit: ObjectID
        let task: TaskID?
        let run: RunID
        let keepGoing: Bool
        let known: KnownFailures
        let setup: SetupRules
        /// Absolute path of the folder for the logs.
        let logs: String

        /// What all of them together need.
        var needs: JobResources {
            let all = checks.compactMap(\.needs)
            return JobResources(
                cores: all.compactMap(\.cores).max(), memory: all.compactMap(\.memory).max(),
                disk: all.compactMap(\.disk).max())
        }

        /// Says why no check ran.
        func notRun(_ reason: String) -> CheckRunner.Carried {
            .notRun(
                CheckResult(
                    name: checks.first?.name ?? "", command: checks.first?.run ?? "", outcome: .infrastructure,
                    status: 0, seconds: 0, digest: reason))
        }
    }

    /// Runs checks on an executor.
    func carryOut(_ part: Part, on name: String) async -> CheckRunner.Carried {
        guard let jobs = executors.jobs(on: name, runner: services.runner) else {
            return part.notRun("executor '\(name)' is not in executors.yaml")
        }
        var lost = ""
        for _ in 0..<Self.tries {
            let job = RemoteJob(on: jobs, repository: repository, note: note)
            do {
                let ticket = try await job.submit(order(part, of: job), needs: part.needs)
                let answer = await answer(to: ticket, of: job, part)
                await job.remove(ticket)
                switch answer {
                case .success(let carried): return carried
                case .failure(let loss): lost = loss.reason
                }
            } catch {
                return part.notRun(Task.isCancelled ? "cancelled" : "\(error)")
            }
            if Task.isCancelled { return part.notRun("cancelled") }
            note("checks of \(part.commit.short) on executor '\(name)' are started again: \(lost)")
        }
        return part.notRun("lost on executor '\(name)' \(Self.tries) times: \(lost)")
    }

    private struct Lost: Error {
        var reason: String
    }

    private func answer(
        to ticket: Ticket, of job: RemoteJob, _ part: Part
    ) async -> Result<CheckRunner.Carried, Lost> {
        let words = "checks of \(part.commit.short)"
        switch await job.follow(ticket) {
        case .ended: break
        case .lost(let reason):
            await job.end(ticket, words)
            return .failure(Lost(reason: "\(ticket.machine): \(reason)"))
        case .failed(_, let reason):
            await job.end(ticket, words)
            return .success(part.notRun("\(ticket.machine): \(reason)"))
        case .cancelled:
            await job.end(ticket, words)
            return .success(part.notRun("cancelled"))
        }
        let incoming = "\(part.logs)/incoming-\(job.token.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: incoming) }
        do {
            let result = try await job.fetch(ticket, into: incoming, words)
            RemoteJob.keepLogs(from: "\(incoming)/jobs", in: part.logs)
            switch result.ending {
            case .checks(let turns) where turns.count <= part.checks.count:
                return .success(
                    .turns(
                        turns.map { turn in
                            CheckTurn(result: turn.result.redacted(by: services.redaction), runs: max(1, turn.runs))
                        }))
            case .notSetUp(let failure): return .success(.notRun(failure.redacted(by: services.redaction)))
            case .cancelled: return .failure(Lost(reason: "ended on \(ticket.machine) by someone else"))
            case .broken(let reason): return .success(part.notRun("\(ticket.machine): \(reason)"))
            case .checks, .attempt: throw RemoteJob.Foreign(machine: ticket.machine)
            }
        } catch {
            return .failure(Lost(reason: "the result on \(ticket.machine) cannot be had: \(error)"))
        }
    }

    private func order(_ part: Part, of job: RemoteJob) -> JobOrder {
        var order = JobOrder(
            checking: .init(
                checks: part.checks, task: part.task, keepGoing: part.keepGoing, known: part.known.results),
            program: executors.version, token: job.token, run: part.run, base: part.commit,
            runBase: runBase ?? part.commit, source: job.jobs.executor.settings.source,
            repository: state.repositoryName, plan: plan, variables: part.variables, setup: part.setup)
        let passed = order.variablesOfChecks
        let given = services.environment.environment(general: passed.sorted(), place: nil).variables
        order.environment = given.filter { passed.contains($0.key) }
        return order
    }
}
