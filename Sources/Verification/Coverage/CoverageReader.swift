import Foundation
import Jobs
import Model

/// Reads the coverage reports that a check wrote: lcov, Cobertura XML, JSON of coverage.py and JSON of llvm-cov.
struct CoverageReader {
    /// Absolute path.
    let checkout: String

    /// Bytes of one report.
    private static let largestFile = 64 << 20
    private static let mostFiles = 1000

    /// Returns the sum of the reports that match a glob and were written since a time. Empty without any.
    func read(_ pattern: String, since start: Date) throws(JobsError) -> CoverageReport {
        var report = CoverageReport()
        guard let glob = try? Glob(pattern) else { return report }
        for path in ReportFiles(root: checkout).matching(glob, since: start).prefix(Self.mostFiles) {
            guard let bytes = try UntrustedFile.read("\(checkout)/\(path)", limit: Self.largestFile) else { continue }
            report.merge(relative(Self.parse(bytes)))
        }
        return report
    }

    /// Returns an empty report for a file of another format.
    static func parse(_ bytes: [UInt8]) -> CoverageReport {
        switch bytes.first(where: { !UInt8.blanks.contains($0) }) {
        case UInt8(ascii: "{"): json(bytes)
        case UInt8(ascii: "<"): cobertura(bytes)
        default: lcov(bytes)
        }
    }

    /// Returns the report with paths relative to the checkout.
    private func relative(_ report: CoverageReport) -> CoverageReport {
        var result = CoverageReport()
        let real = URL(fileURLWithPath: checkout).resolvingSymlinksInPath().path
        for (path, coverage) in report.files {
            var short = path
            for root in ["\(checkout)/", "\(real)/", "./"] where short.hasPrefix(root) {
                short = String(short.dropFirst(root.count))
            }
            result.add(coverage, of: short)
        }
        return result
    }

    // MARK: Formats

    /// `SF:path`, `DA:line,count`, `LF:lines`, `LH:lines that were run`, `end_of_record`.
    private static func lcov(_ bytes: [UInt8]) -> CoverageReport {
        var report = CoverageReport()
        var path: String?
        var coverage = FileCoverage()
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else {
                if line == "end_of_record", let path { report.add(coverage, of: path) }
                (path, coverage) = (nil, FileCoverage())
                continue
            }
            let rest = line[line.index(after: colon)...]
            switch line[..<colon] {
            case "SF": (path, coverage) = (String(rest), FileCoverage())
            case "DA":
                let parts = rest.split(separator: ",")
                guard parts.count >= 2, let number = Int(parts[0]), let hits = Double(parts[1]) else { continue }
                coverage.lines[number] = coverage.lines[number] ?? false || hits > 0
            case "LF": coverage.summary = (coverage.summary?.covered ?? 0, TestReport.count(rest) ?? 0)
            case "LH": coverage.summary = (TestReport.count(rest) ?? 0, coverage.summary?.of ?? 0)
            default: break
            }
        }
        return report
    }

    /// `class` with `filename`, which is relative to a `source`, and `line` with `number` and `hits`.
    private static func cobertura(_ bytes: [UInt8]) -> CoverageReport {
        var report = CoverageReport()
        var path: String?
        var scanner = XMLScanner(bytes)
        while let tag = scanner.next() {
            switch tag {
            case .start("class", let attributes, let isEmpty):
                path = attributes["filename"]
                if let path { report.add(FileCoverage(), of: path) }
                if isEmpty { path = nil }
            case .end("class"): path = nil
            case .start("line", let attributes, _):
                guard let path, let number = attributes["number"].flatMap({ Int($0) }),
                    let hits = attributes["hits"].flatMap({ Double($0) })
                else { continue }
                report.add(FileCoverage(lines: [number: hits > 0]), of: path)
            default: break
            }
        }
        return report
    }

    private static func json(_ bytes: [UInt8]) -> CoverageReport {
        var report = CoverageReport()
        if let document = try? JSONDecoder().decode(CoveragePy.self, from: Data(bytes)) {
            for (path, file) in document.files {
                var coverage = FileCoverage()
                for line in file.missingLines { coverage.lines[line] = false }
                for line in file.executedLines { coverage.lines[line] = true }
                report.add(coverage, of: path)
            }
        } else if let document = try? JSONDecoder().decode(LLVMCov.self, from: Data(bytes)) {
            for file in document.data.flatMap(\.files) {
                let lines = file.summary.lines
                report.add(FileCoverage(summary: (min(lines.covered, lines.count), lines.count)), of: file.filename)
            }
        }
        return report
    }

    /// `coverage json` of coverage.py.
    private struct CoveragePy: Decodable {
        struct File: Decodable {
            var executedLines: [Int]
            var missingLines: [Int]

            enum CodingKeys: String, CodingKey {
                case executedLines = "executed_lines"
                case missingLines = "missing_lines"
            }
        }

        var files: [String: File]
    }

    /// `llvm-cov export`, which `swift test --enable-code-coverage` and `cargo llvm-cov --json` write too.
    private struct LLVMCov: Decodable {
        struct Lines: Decodable {
            var count: Int
            var covered: Int
        }

        struct Summary: Decodable {
            var lines: Lines
        }

        struct File: Decodable {
            var filename: String
            var summary: Summary
        }

        struct Export: Decodable {
            var files: [File]
        }

        var data: [Export]
    }
}

extension UInt8 {
    fileprivate static let blanks: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF]
}
