import ArgumentParser
import Coordinator
import Decomposition
import Foundation
import Model
import Reporting
import Simulation
import Store

struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Forecast the duration of a run in virtual time, without starting a worker.",
        discussion: """
            Sends the plan's tasks through the real scheduler and landing queue, with random durations and failures in \
            place of workers and checks. Compares the landing rules of the plan with every other landing policy, or with \
            --workers, several numbers of workers.

            Durations and failures are those of the plan's last run in this repository. Without such a run, they are \
            assumed, and the forecast is a guess. An option replaces what was recorded.
            """)

    @OptionGroup var options: PlanOptions

    @Option(
        name: .long,
        help: ArgumentHelp("Mean duration of an attempt; default: as recorded, else 600.", valueName: "seconds"))
    var worker: Double?

    @Option(
        name: .long,
        help: ArgumentHelp("Duration of the landing checks; default: as recorded, else 120.", valueName: "seconds"))
    var verify: Double?

    @Flag(name: .long, help: "Run the landing checks once on the base, and use their duration.")
    var measure = false

    /// What is assumed where nothing is given or recorded: seconds, and per cent.
    private static let guess = (worker: 600.0, verify: 120.0, failures: 10.0, rejections: 5.0)

    @Option(
        name: .long,
        help: ArgumentHelp("Share of attempts that fail; default: as recorded, else 10.", valueName: "percent"))
    var failures: Double?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Share of verified tasks that fail the landing checks; default: as recorded, else 5.", valueName: "percent")
    )
    var rejections: Double?

    @Option(name: .long, help: ArgumentHelp("Share of landing checks that fail at random.", valueName: "percent"))
    var flakes = 0.0

    @Option(
        name: .long,
        help: ArgumentHelp("Compare these numbers of workers, such as 4,16,64,256,1000.", valueName: "numbers"))
    var workers: WorkerCounts?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "With --workers: landing checks at the same time; default: the plan's, else as many as workers.",
            valueName: "number"))
    var verifySlots: Int?

    @Option(
        name: .long,
        help: ArgumentHelp("With --workers: the coordinator's own time for a task.", valueName: "milliseconds"))
    var coordinator = 20.0

    @Option(name: .long, help: ArgumentHelp("With --workers: write a chart (SVG) to this file.", valueName: "file"))
    var chart: String?

    @Option(name: .long, help: "Number of simulated runs.") var runs = 20

    @Option(name: .long, help: "Seed of the random numbers.") var seed: UInt64 = 1

    func validate() throws {
        guard [worker, verify].allSatisfy({ $0.map { $0 > 0 } ?? true }), runs > 0, runs <= 10_000 else {
            throw ValidationError("--worker, --verify and --runs must be above 0, and --runs at most 10000")
        }
        if measure, verify != nil { throw ValidationError("--measure and --verify exclude each other") }
        if workers == nil, verifySlots != nil || chart != nil {
            throw ValidationError("--verify-slots and --chart need --workers, such as --workers 4,16,64")
        }
        guard verifySlots ?? 1 > 0, (0...60_000).contains(coordinator) else {
            throw ValidationError("--verify-slots must be above 0, and --coordinator from 0 to 60000 milliseconds")
        }
        guard [failures ?? 0, rejections ?? 0, flakes].allSatisfy({ (0..<100).contains($0) }) else {
            throw ValidationError("--failures, --rejections and --flakes must be from 0 to below 100")
        }
    }

    func run() async throws {
        let plan = try options.load()
        let setup = try RunSetup(
            plan: plan, environment: Terminal.environment, executors: try ExecutorConfiguration.executors(for: plan))
        let tasks = try await setup.outlook().list.tasks
        let pace = try Self.pace(of: plan, in: setup.state)
        let measured = measure ? try await setup.landingSeconds() : nil
        let odds = odds(pace, measured: measured)
        for note in sources(pace, measured: measured) { Terminal.print(note) }
        if let usage = try Self.usage(of: plan, tasks, in: setup.state) {
            for line in usage.lines("expected usage") { Terminal.print(line) }
        }
        if let workers { return try scaling(plan, tasks, odds: odds, counts: workers.counts, pace: pace) }
        let rows = Self.comparedRules(plan.landing).map { name, rules in
            var plan = plan
            plan.landing = rules
            let forecast = Forecast(plan: plan, tasks: tasks, odds: odds, runs: runs)
            let median = forecast.median
            return ForecastReport.Row(
                landing: name, seconds: median.seconds, longest: forecast.longestOfMost, landed: median.landed,
                failed: median.failed, workers: median.workersStarted, landingChecks: median.verifies)
        }
        let headline =
            [
                Count.text(tasks.count { !$0.isGate }, "task"), Count.text(plan.workers.maxParallel, "worker"),
            ].joined(separator: ", ") + "; the median of \(Count.text(runs, "run"))"
        Terminal.print(ForecastReport(headline: headline, rows: rows).text(Terminal.layout))
    }

    private func odds(_ pace: RecordedPace?, measured: Double?) -> Odds {
        // What was measured is drawn from as it is; a mean that a person gives has a spread.
        let attempts = worker == nil ? pace?.attempts : nil
        let checks = verify == nil && measured == nil ? pace?.landingChecks : nil
        let workerSeconds = worker ?? pace?.workerSeconds ?? Self.guess.worker
        let verifySeconds = max(0.1, verify ?? measured ?? pace?.verifySeconds ?? Self.guess.verify)
        func share(_ given: Double?, _ recorded: Double?, _ guess: Double) -> Double {
            min(0.99, given.map { $0 / 100 } ?? recorded ?? guess / 100)
        }
        return Odds(
            worker: attempts.map(Odds.Durations.measured) ?? .around(workerSeconds, spread: 0.5),
            verify: checks.flatMap { $0.isEmpty ? nil : .measured($0) } ?? .around(verifySeconds, spread: 0.2),
            attemptFailures: share(failures, pace?.failures, Self.guess.failures),
            landingFailures: share(rejections, pace?.rejections, Self.guess.rejections), flakes: flakes / 100,
            coordinatorSeconds: workers == nil ? 0 : coordinator / 1000, seed: seed)
    }

    private static func pace(of plan: Plan, in state: StateFolder) throws -> RecordedPace? {
        guard FileManager.default.fileExists(atPath: state.store) else { return nil }
        return try StoreReader(path: state.store).read { try RecordedPace.latest($0, plan: plan.name) }
    }

    /// What the tasks will use, from what those of an earlier run have used.
    private static func usage(of plan: Plan, _ tasks: [MigrationTask], in state: StateFolder) throws -> RestForecast? {
        guard FileManager.default.fileExists(atPath: state.store) else { return nil }
        let open = tasks.filter { !$0.isGate && !$0.files.isEmpty }.map(\.figures.lines)
        return try RestForecast(StoreReader(path: state.store), plan: plan.name, open: open)
    }

    /// The lines that say where the figures of the forecast come from.
    private func sources(_ pace: RecordedPace?, measured: Double?) -> [String] {
        var lines: [String] = []
        if let pace {
            let checks = pace.verifySeconds.map { ", \(TimeText.span($0)) for the landing checks" } ?? ""
            let failed = "\((pace.rejections * 100).whole) % of \(Count.text(pace.judged, "task")) failed them"
            lines.append(
                "Recorded in \(pace.run): \(TimeText.span(pace.workerSeconds)) for an attempt\(checks); "
                    + "\((pace.failures * 100).whole) % of the attempts failed, and \(failed).")
        }
        if let measured { lines.append("Measured on the base: \(TimeText.span(measured)) for the landing checks.") }
        var assumed: [String] = []
        if worker == nil, pace == nil { assumed.append("600 s for an attempt (--worker)") }
        if verify == nil, measured == nil, pace?.verifySeconds == nil {
            assumed.append("120 s for the landing checks (--verify, --measure)")
        }
        if !assumed.isEmpty { lines.append("A guess, not measured: \(assumed.joined(separator: ", ")).") }
        return lines
    }

    /// The plan's own rules first, then every other policy.
    private static func comparedRules(_ own: LandingRules) -> [(String, LandingRules)] {
        let others = LandingRules.Policy.allCases.filter { $0 != own.policy }.map { policy in
            (
                policy.rawValue,
                LandingRules(policy: policy, maxBatch: own.maxBatch, verifySlots: own.verifySlots)
            )
        }
        return [("\(own.policy.rawValue) (the plan's)", own)] + others
    }
}
