import Foundation
import Git
import Model

// Compares merging trees path by path with `git merge-tree --write-tree`, on repositories of growing size.
// Usage: merge-benchmark [files]...   by default 1000 10000 50000

let sizes = CommandLine.arguments.dropFirst().compactMap { Int($0) }
for files in sizes.isEmpty ? [1_000, 10_000, 50_000] : sizes { try MergeComparison(files: files).run() }
