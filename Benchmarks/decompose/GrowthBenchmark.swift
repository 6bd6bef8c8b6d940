import Decomposition
import Foundation
import Model

/// Decomposes two graphs, one ten times as large as the other. The ratio of their times must be at most 13.
struct GrowthBenchmark {
    private static let sizes = [10_000, 100_000]
    /// The number of runs of each. The fastest run counts.
    private static let rounds = 3

    func run() throws {
        print("graph        unit       10,000 files  100,000 files  ratio")
        for shape in [SyntheticGraph.Shape.layered, .random] {
            let graphs = Self.sizes.map { SyntheticGraph(files: $0, shape: shape).graph }
            for unit in DecomposeRules.Unit.allCases {
                let rules = DecomposeRules(unit: unit, maxLines: 100_000)
                let seconds = try graphs.map { try Self.seconds(for: $0, rules) }
                print(
                    "\(shape.rawValue)".padding(toLength: 13, withPad: " ", startingAt: 0)
                        + unit.rawValue.padding(toLength: 10, withPad: " ", startingAt: 0)
                        + String(format: "%11.3f s %12.3f s %6.1f", seconds[0], seconds[1], seconds[1] / seconds[0]))
            }
        }
    }

    private static func seconds(for graph: RepositoryGraph, _ rules: DecomposeRules) throws -> Double {
        let plan = Plan(
            name: "p", goal: "g", repository: "/", decompose: rules, workers: WorkerRules(ladder: []))
        let clock = ContinuousClock()
        var best = Double.infinity
        for _ in 0..<rounds {
            let time = try clock.measure { _ = try Decomposer(plan, packages: [:]).tasks(of: graph) }
            best = min(best, Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18)
        }
        return best
    }
}
