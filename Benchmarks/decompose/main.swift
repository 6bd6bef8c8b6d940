// Measures how the time of a decomposition grows, and what cutting large cycles costs.
//
//   decompose-benchmark                 random graphs of 10,000 and of 100,000 files, by unit
//   decompose-benchmark FOLDER...       the largest cycle of each source tree, and the edges ignored after cutting it

import Decomposition
import DependencyGraph
import Model

let folders = Array(CommandLine.arguments.dropFirst())
if folders.isEmpty {
    try GrowthBenchmark().run()
} else {
    for folder in folders { try CycleBenchmark(folder: folder).run() }
}
