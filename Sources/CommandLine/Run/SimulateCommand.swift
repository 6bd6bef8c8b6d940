import ArgumentParser
import Coordinator
import Decomposition
import Model
import Reporting
import Simulation

struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Forecast a run of a plan in virtual time; starts no worker.",
        discussion: """
            The plan's tasks go through the real scheduler and landing queue, with chance in place of workers and checks: \
            under the landing rules of the plan, and under each policy for comparison. How long things take and how often \
            they fail is what you say.
            """)

    @OptionGroup var options: PlanOptions

    @Option(name: .long, help: ArgumentHelp("Seconds that an attempt takes on average.", valueName: "seconds"))
    var worker = 600.0

    @Option(name: .long, help: ArgumentHelp("Seconds that the landing checks take.", valueName: "seconds"))
    var verify = 120.0

    @Option(name: .long, help: ArgumentHelp("Attempts in a hundred that come to nothing.", valueName: "percent"))
    var failures = 10.0

    @Option(
        name: .long,
        help: ArgumentHelp("Verified tasks in a hundred that the landing checks reject.", valueName: "percent"))
    var rejections = 5.0

    @Option(name: .long, help: ArgumentHelp("Checks in a hundred that fail for no reason.", valueName: "percent"))
    var flakes = 0.0

    @Option(name: .long, help: "Runs that the figures are taken from.") var runs = 20

    @Option(name: .long, help: "Where chance begins.") var seed: UInt64 = 1

    func validate() throws {
        guard [worker, verify].allSatisfy({ $0 > 0 }), runs > 0, runs <= 10_000 else {
            throw ValidationError("seconds and --runs are above 0")
        }
        guard [failures, rejections, flakes].allSatisfy({ (0..<100).contains($0) }) else {
            throw ValidationError("shares are from 0 to below 100 percent")
        }
    }

    func run() async throws {
        let plan = try options.load()
        let tasks = try await RunSetup(plan: plan, environment: Terminal.environment).outlook().list.tasks
        let odds = Odds(
            workerSeconds: worker, verifySeconds: verify, attemptFailures: failures / 100,
            landingFailures: rejections / 100, flakes: flakes / 100, seed: seed)
        let rows = Self.contenders(plan.landing).map { name, rules in
            var plan = plan
            plan.landing = rules
            let forecast = Forecast(plan: plan, tasks: tasks, odds: odds, runs: runs)
            let median = forecast.median
            return ForecastReport.Row(
                landing: name, seconds: median.seconds, longest: forecast.longestOfMost, landed: median.landed,
                setAside: median.failed, workers: median.workersStarted, verifies: median.verifies)
        }
        let headline = "\(tasks.count) tasks, \(plan.workers.maxParallel) workers; the median of \(runs) runs"
        Terminal.print(ForecastReport(headline: headline, rows: rows).text(Terminal.layout))
    }

    /// The plan's own rules first, then every policy that they are not.
    private static func contenders(_ own: LandingRules) -> [(String, LandingRules)] {
        let others = LandingRules.Policy.allCases.filter { $0 != own.policy }.map { policy in
            (
                policy.rawValue,
                LandingRules(policy: policy, maxBatch: own.maxBatch, verifySlots: own.verifySlots)
            )
        }
        return [("\(own.policy.rawValue) (the plan's)", own)] + others
    }
}
