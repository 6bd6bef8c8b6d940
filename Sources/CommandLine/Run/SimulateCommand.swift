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

    @Option(name: .long, help: ArgumentHelp("Mean duration of an attempt.", valueName: "seconds"))
    var worker = 600.0

    @Option(name: .long, help: ArgumentHelp("Duration of the landing checks.", valueName: "seconds"))
    var verify = 120.0

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
        guard [worker, verify].allSatisfy({ $0 > 0 }), runs > 0, runs <= 10_000 else {
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
            workerSeconds: worker, verifySeconds: verify, attemptFailures: failures / 100,
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
        Terminal.print(ForecastReport(headline: headline, rows: rows).text(Terminal.layout))
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
