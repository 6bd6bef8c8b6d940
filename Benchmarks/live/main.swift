import Foundation
import Model
import Reporting
import Store

// Prints what the live view costs on a run of many tasks. usage: live-benchmark [TASKS]
let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 3000
try LiveBenchmark(tasks: count).run()
