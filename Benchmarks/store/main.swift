import Foundation
import Model
import Store

// Figures of the store: durable events a second, and how long reading a large run takes.
// Usage: store-benchmark [folder]; the folder must be on the disk that is to be measured.

let folder = CommandLine.arguments.dropFirst().first ?? FileManager.default.temporaryDirectory.path
let scratch = "\(folder)/orchestrate-store-\(ProcessInfo.processInfo.processIdentifier)"
try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(atPath: scratch) }

try AppendBenchmark(folder: scratch).run()
try LoadBenchmark(folder: scratch, tasks: 10_000).run()
