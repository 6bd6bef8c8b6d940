import Foundation
import Model
import Simulation
import Store

// Landing policies beside each other, in virtual time.
// Usage: landing-benchmark [seed] [state.sqlite]
//
// With a store, the durations and failures of its recorded runs are simulated as well. 'orchestrate doctor' prints the path
// of a repository's store.

let arguments = CommandLine.arguments.dropFirst()
let seed = arguments.first.flatMap { UInt64($0) } ?? 1
LandingTable(seed: seed).print()
print()
let table = HindsightTable(seed: seed)
table.print()
if let path = arguments.dropFirst().first {
    print()
    try table.print(runsIn: StoreReader(path: path))
    print()
    try AffectedTable.print(runsIn: StoreReader(path: path))
}
print()
EstimateTable(seed: seed).print()
print()
QueueCost().print()
