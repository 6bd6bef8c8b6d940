/// Which lines of one file tests have run.
struct FileCoverage: Sendable, Equatable {
    /// Whether a line was run, by its number.
    var lines: [Int: Bool] = [:]
    /// The figures of a report that does not name lines.
    var summary: (covered: Int, of: Int)?

    /// Lines that were run, and lines with code.
    var counts: (covered: Int, of: Int) {
        lines.isEmpty ? summary ?? (0, 0) : (lines.values.count { $0 }, lines.count)
    }

    /// Adds what another test program ran.
    mutating func merge(_ other: FileCoverage) {
        lines.merge(other.lines) { $0 || $1 }
        if let theirs = other.summary {
            summary = summary.map { (max($0.covered, theirs.covered), max($0.of, theirs.of)) } ?? theirs
        }
    }

    static func == (a: FileCoverage, b: FileCoverage) -> Bool { a.lines == b.lines && a.counts == b.counts }
}

/// The coverage of all files that some tests have run.
package struct CoverageReport: Sendable, Equatable {
    /// By path, as the report names it, or relative to the checkout.
    var files: [String: FileCoverage] = [:]

    package init() {}

    package var isEmpty: Bool { files.isEmpty }

    mutating func add(_ coverage: FileCoverage, of path: String) {
        files[path, default: FileCoverage()].merge(coverage)
    }

    package mutating func merge(_ other: CoverageReport) {
        for (path, coverage) in other.files { add(coverage, of: path) }
    }

    /// Returns the coverage of a file; nil if the report does not have it.
    ///
    /// A report may name a file relative to a source folder. Such a name counts if only one entry ends the path.
    func coverage(of path: String) -> FileCoverage? {
        if let exact = files[path] { return exact }
        let matches = files.keys.filter { path.hasSuffix("/\($0)") }
        return matches.count == 1 ? files[matches[0]] : nil
    }
}
