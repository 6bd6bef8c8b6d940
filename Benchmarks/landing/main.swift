import Model
import Simulation

// Landing policies beside each other, in virtual time.
// Usage: landing-benchmark [seed]

let seed = CommandLine.arguments.dropFirst().first.flatMap { UInt64($0) } ?? 1
LandingTable(seed: seed).print()
print()
HindsightTable(seed: seed).print()
print()
EstimateTable(seed: seed).print()
print()
QueueCost().print()
