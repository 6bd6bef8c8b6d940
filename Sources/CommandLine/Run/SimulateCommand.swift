import ArgumentParser
import Coordinator
import Decomposition
import Model
import Reporting
import Simulation

struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Forecast the duration of a run in virtual time, without starting a worker.",
        discussion: """
            Sends the plan's tasks through the real scheduler and landing queue, with random durations and failures in \
            place of workers and checks. Compares the landing rules of the plan with every other landing policy.
            """)

    @OptionGroup var options: PlanOptions

    @Option(
        name: .long,
        help: ArgumentHelp("Mean duration of an attempt. Without it, 600 is assumed.", valueName: "seconds"))
    var worker: Double?

    @Option(
        name: .long,
        help: ArgumentHelp("Duration of the landing checks. Without it, 120 is assumed.", valueName: "seconds"))
    var verify: Double?

    /// Seconds that are assumed where none are given.
    private static let guess = (worker: 600.0, verify: 120.0)

    @Option(name: .long, help: ArgumentHelp("Share of attempts that fail.", valueName: "percent"))
    var failures = 10.0

    @Option(
        name: .long,
        help: ArgumentHelp("Share of verified tasks that fail the landing checks.", valueName: "percent"))
    var rejections = 5.0

    @Option(name: .long, help: ArgumentHelp("Share of landing checks that fail at random.", valueName: "percent"))
    var flakes = 0.0

    @Option(name: .long, help: "Number of simulated runs.") var runs = 20

    @Option(name: .long, help: "Seed of the random numbers.") var seed: UInt64 = 1

    func validate() throws {
        guard [worker, verify].allSatisfy({ $0.map { $0 > 0 } ?? true }), runs > 0, runs <= 10_000 else {
            throw ValidationError("--worker, --verify and --runs must be above 0, and --runs at most 10000")
        }
        guard [failures, rejections, flakes].allSatisfy({ (0..<100).contains($0) }) else {
            throw ValidationError("--failures, --rejections and --flakes must be from 0 to below 100")
        }
    }

    func run() async throws {
        let plan = try options.load()
        let tasks = try await RunSetup(plan: plan, environment: Terminal.environment).outlook().list.tasks
        let odds = Odds(
            workerSeconds: worker ?? Self.guess.worker, verifySeconds: verify ?? Self.guess.verify,
            attemptFailures: failures / 100,
            landingFailures: rejections / 100, flakes: flakes / 100, seed: seed)
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
        for note in assumptions { Terminal.print(note) }
        Terminal.print(ForecastReport(headline: headline, rows: rows).text(Terminal.layout))
    }

    /// What the forecast assumes because nothing else is known.
    private var assumptions: [String] {
        var assumed: [String] = []
        if worker == nil { assumed.append("600 s for an attempt (--worker)") }
        if verify == nil { assumed.append("120 s for the landing checks (--verify)") }
        guard !assumed.isEmpty else { return [] }
        return ["A guess: nothing was measured. Assumed: \(assumed.joined(separator: ", "))."]
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
