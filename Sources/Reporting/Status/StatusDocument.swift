import Foundation
import Model
import Store

/// The state of a run as one document, described in `docs/output.md`. A key that changes its meaning raises `version`.
///
/// `status --json` prints it; the live view and the web page draw it.
package struct StatusDocument: Sendable, Equatable, Encodable {
    /// 2: task states are named `verified`, `already-done`, `failed` and `blocked`.
    package static let version = 2

    package struct Running: Sendable, Equatable, Encodable {
        package var task: String
        package var attempt: Int
        package var worker: String?
        package var slot: Int?
        package var seconds: Double
    }

    package struct Landing: Sendable, Equatable, Encodable {
        package var candidate: Int
        package var tasks: [String]
        /// When its check began, in seconds since 1970.
        package var since: Double
        package var seconds: Double
    }

    package struct Stuck: Sendable, Equatable, Encodable {
        package var task: String
        package var state: String
        package var attempts: Int
        package var reason: String
        package var cause: String?
    }

    package var version = Self.version
    package var run: String
    package var plan: String
    package var state: String
    package var isActive: Bool
    package var processId: Int32?
    package var reason: String
    /// Why the run waits for a person; empty where it does not.
    package var waits: String
    package var branch: String
    package var base: String
    package var tip: String
    package var started: Double
    package var ended: Double?
    package var elapsedSeconds: Double
    package var estimateSeconds: Double?
    package var isAllGreen: Bool
    /// "on" or "off".
    package var sandbox: String
    /// How many workers and landing checks run side by side.
    package var parallel: Parallel
    package var counts: [String: Int]
    package var running: [Running]
    package var landing: [Landing]
    package var stuck: [Stuck]
    package var baseline: BranchChecks?
    package var final: BranchChecks?
    package var flaky: [Flaky]
    /// nil where no worker has reported any.
    package var usage: Used?
    /// Requests to models, of all attempts.
    package var requests: Int
    /// Seconds of all attempts together, each from the start of its first worker to its end.
    package var workerSeconds: Double
    package var cooldowns: [Cooldown]
    /// nil while too little is known.
    package var forecast: Forecast?

    /// Tasks that landed in the last 30 minutes, or since the start of the run, per hour.
    package var landedPerHour: Double
    /// Fraction of the landed tasks that needed one attempt; nil before the first landing.
    package var firstAttemptShare: Double?
    /// Bounds of `estimateSeconds`; nil while too little is known.
    package var estimateLowSeconds: Double?
    package var estimateHighSeconds: Double?
    package var budget: [RunPace.Limit]
    package var questions: [Question]
    /// What 'land --split --pr' has opened, as the host told it last.
    package var pullRequests: [PullRequest]
    /// All tasks in the order of the overview.
    package var rows: [TaskRow]

    /// An open question of a worker.
    package struct Question: Sendable, Equatable, Encodable {
        package var id: Int
        /// nil for a question that no task asks.
        package var task: String?
        package var text: String
        package var time: Double
    }

    /// A pull request of a part of what has landed.
    package struct PullRequest: Sendable, Equatable, Encodable {
        package var number: Int
        /// The owner, directory, stage or number of the part.
        package var name: String
        package var url: String
        /// `open`, `draft`, `merged` or `closed`.
        package var state: String
        package var tasks: Int
        /// How many checks of the host have failed.
        package var failedChecks: Int

        init?(_ request: BranchRequest) {
            guard let opened = request.request else { return nil }
            number = opened.number
            name = OutsideText.line(request.name)
            url = OutsideText.line(opened.url)
            state = (request.isMerged ? .merged : opened.state.phase).rawValue
            tasks = request.tasks.count
            failedChecks = opened.state.checks.count { $0.outcome == .failed }
        }
    }

    package struct Parallel: Sendable, Equatable, Encodable {
        package var workers: Int
        package var workersReason: String
        package var verifySlots: Int
        package var verifySlotsReason: String

        init(_ plan: Plan) {
            workers = plan.workers.maxParallel
            workersReason = plan.workersReason
            verifySlots = plan.verifySlotCount
            verifySlotsReason = plan.verifySlotsReason
        }
    }

    /// What the rest of the run will use.
    package struct Forecast: Sendable, Equatable, Encodable {
        package struct Worker: Sendable, Equatable, Encodable {
            package var worker: String
            package var attempts: RestForecast.Range
            package var seconds: RestForecast.Range
            package var tokens: RestForecast.Range?
            package var usd: RestForecast.Range?
        }

        package struct Size: Sendable, Equatable, Encodable {
            package var fromLines: Int
            package var belowLines: Int?
            package var tasks: Int
            package var attempts: RestForecast.Range
            package var seconds: RestForecast.Range
            package var tokens: RestForecast.Range?
            package var usd: RestForecast.Range?
        }

        package var samples: Int
        package var tasks: Int
        package var attempts: RestForecast.Range
        package var seconds: RestForecast.Range
        package var tokens: RestForecast.Range?
        package var usd: RestForecast.Range?
        package var workers: [Worker]
        package var sizes: [Size]

        init(_ forecast: RestForecast) {
            samples = forecast.samples
            tasks = forecast.open
            let all = forecast.all
            (attempts, seconds, tokens, usd) = (all.attempts, all.seconds, all.tokens, all.usd)
            workers = forecast.workers.map { share in
                let own = share.figures
                return Worker(
                    worker: share.worker, attempts: own.attempts, seconds: own.seconds, tokens: own.tokens,
                    usd: own.usd)
            }
            sizes = forecast.sizes.map { share in
                let own = share.figures
                return Size(
                    fromLines: share.from, belowLines: share.below, tasks: share.tasks, attempts: own.attempts,
                    seconds: own.seconds, tokens: own.tokens, usd: own.usd)
            }
        }
    }

    package struct Used: Sendable, Equatable, Encodable {
        package var usd: Double?
        package var inputTokens: Int
        package var cachedTokens: Int
        package var outputTokens: Int
    }

    package struct Cooldown: Sendable, Equatable, Encodable {
        package var provider: String
        package var seconds: Double
        package var reason: String
    }

    package struct BranchChecks: Sendable, Equatable, Encodable {
        package var commit: String
        package var isGreen: Bool
        package var seconds: Double
        package var checks: [Check]
    }

    package struct Check: Sendable, Equatable, Encodable {
        package var name: String
        package var outcome: String
        package var status: Int32
        package var seconds: Double
        package var failedTests: [String]
    }

    package struct Flaky: Sendable, Equatable, Encodable {
        package var check: String
        package var runs: Int
        package var flakes: Int
    }

    init(_ report: StatusReport) {
        run = report.run.id.rawValue
        plan = report.run.plan.name
        state = report.run.state.rawValue
        isActive = report.isActive
        processId = report.owner?.processID
        reason = report.run.reason
        waits = report.run.waits
        branch = report.run.plan.integration
        base = report.run.base.hex
        tip = report.run.tip.hex
        started = report.run.started.seconds
        ended = report.run.ended?.seconds
        elapsedSeconds = report.elapsed
        estimateSeconds = report.estimate
        isAllGreen = report.isAllGreen
        sandbox = report.run.plan.sandbox.mode.rawValue
        parallel = Parallel(report.run.plan)
        counts = Dictionary(uniqueKeysWithValues: TaskState.allCases.map { ($0.rawValue, report.counts[$0] ?? 0) })
        running = report.attempts.map {
            Running(
                task: $0.task.rawValue, attempt: $0.number, worker: $0.worker, slot: $0.slot,
                seconds: StatusReport.seconds(from: $0.started, to: report.now))
        }
        landing = report.landing.map {
            Landing(
                candidate: $0.number, tasks: $0.tasks.map(\.rawValue), since: $0.started.seconds,
                seconds: StatusReport.seconds(from: $0.started, to: report.now))
        }
        stuck = (report.waitingToLand + report.failed + report.blocked).map {
            Stuck(
                task: $0.id.rawValue, state: $0.state.rawValue, attempts: $0.attempts, reason: $0.reason,
                cause: $0.cause?.rawValue)
        }
        baseline = Self.checks(report.branch.baseline)
        final = Self.checks(report.branch.final)
        flaky = report.branch.flaky.map { Flaky(check: $0.check, runs: $0.runs, flakes: $0.flakes) }
        usage = report.usage.map {
            Used(
                usd: $0.usd, inputTokens: $0.inputTokens, cachedTokens: $0.cachedTokens, outputTokens: $0.outputTokens)
        }
        requests = report.effort.requests
        workerSeconds = report.effort.workerTime
        forecast = report.forecast.map(Forecast.init)
        landedPerHour = report.pace.landedPerHour
        firstAttemptShare = report.pace.firstAttemptShare
        estimateLowSeconds = report.pace.range?.lowerBound
        estimateHighSeconds = report.pace.range?.upperBound
        budget = report.pace.limits
        questions = report.questions.map { record in
            var task: String?
            if case .task(let id) = record.message.sender { task = id.rawValue }
            return Question(
                id: record.message.id, task: task, text: record.message.body, time: record.message.time.seconds)
        }
        pullRequests = report.requests?.requests.compactMap(PullRequest.init) ?? []
        rows = report.rows
        cooldowns = report.cooldowns.map {
            Cooldown(provider: $0.provider, seconds: $0.until - report.now, reason: $0.reason)
        }
    }

    private static func checks(_ record: WholeCheckRecord?) -> BranchChecks? {
        record.map { record in
            BranchChecks(
                commit: record.commit.hex, isGreen: record.hasPassed, seconds: record.seconds,
                checks: record.checks.map {
                    Check(
                        name: $0.name, outcome: $0.outcome.rawValue, status: $0.status, seconds: $0.seconds,
                        failedTests: $0.failedTests)
                })
        }
    }

    func json() throws -> String {
        return try DocumentJSON.text(self)
    }
}
