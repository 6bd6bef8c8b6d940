import Foundation
import Model
import Store

/// The JSON form of `status`, described in `docs/output.md`. A key that changes its meaning raises `version`.
struct StatusDocument: Encodable {
    /// 2: task states are named `verified`, `already-done`, `failed` and `blocked`.
    static let version = 2

    struct Running: Encodable {
        var task: String
        var attempt: Int
        var worker: String?
        var slot: Int?
        var seconds: Double
    }

    struct Landing: Encodable {
        var candidate: Int
        var tasks: [String]
        var seconds: Double
    }

    struct Stuck: Encodable {
        var task: String
        var state: String
        var attempts: Int
        var reason: String
        var cause: String?
    }

    var version = Self.version
    var run: String
    var plan: String
    var state: String
    var isActive: Bool
    var processId: Int32?
    var reason: String
    /// Why the run waits for a person; empty where it does not.
    var waits: String
    var branch: String
    var base: String
    var tip: String
    var started: Double
    var ended: Double?
    var elapsedSeconds: Double
    var estimateSeconds: Double?
    var isAllGreen: Bool
    /// "on" or "off".
    var sandbox: String
    /// How many workers and landing checks run side by side.
    var parallel: Parallel
    var counts: [String: Int]
    var running: [Running]
    var landing: [Landing]
    var stuck: [Stuck]
    var baseline: BranchChecks?
    var final: BranchChecks?
    var flaky: [Flaky]
    /// nil where no worker has reported any.
    var usage: Used?
    var cooldowns: [Cooldown]
    /// nil while too little is known.
    var forecast: Forecast?

    struct Parallel: Encodable {
        var workers: Int
        var workersReason: String
        var verifySlots: Int
        var verifySlotsReason: String

        init(_ plan: Plan) {
            workers = plan.workers.maxParallel
            workersReason = plan.workersReason
            verifySlots = plan.verifySlotCount
            verifySlotsReason = plan.verifySlotsReason
        }
    }

    /// What the rest of the run will use.
    struct Forecast: Encodable {
        var samples: Int
        var tasks: Int
        var attempts: RestForecast.Range
        var seconds: RestForecast.Range
        var tokens: RestForecast.Range?
        var usd: RestForecast.Range?
    }

    struct Used: Encodable {
        var usd: Double?
        var inputTokens: Int
        var cachedTokens: Int
        var outputTokens: Int
    }

    struct Cooldown: Encodable {
        var provider: String
        var seconds: Double
        var reason: String
    }

    struct BranchChecks: Encodable {
        var commit: String
        var isGreen: Bool
        var seconds: Double
        var checks: [Check]
    }

    struct Check: Encodable {
        var name: String
        var outcome: String
        var status: Int32
        var seconds: Double
        var failedTests: [String]
    }

    struct Flaky: Encodable {
        var check: String
        var runs: Int
        var flakes: Int
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
                candidate: $0.number, tasks: $0.tasks.map(\.rawValue),
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
        forecast = report.forecast.map {
            Forecast(
                samples: $0.samples, tasks: $0.open, attempts: $0.attempts, seconds: $0.seconds, tokens: $0.tokens,
                usd: $0.usd)
        }
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
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
}
