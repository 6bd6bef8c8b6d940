import Foundation
package import Model

/// What a worker says of its work in `outcome.json`: shown to people, never believed.
package struct JobReport: Sendable, Equatable {
    /// One line.
    package var summary: String?
    package var reason: String?
    package var inputTokens: Int?
    package var outputTokens: Int?
    package var usd: Double?

    package init(
        summary: String? = nil, reason: String? = nil, inputTokens: Int? = nil, outputTokens: Int? = nil,
        usd: Double? = nil
    ) {
        self.summary = summary
        self.reason = reason
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.usd = usd
    }

    /// nil where it tells of none.
    package var usage: Usage? {
        guard inputTokens != nil || outputTokens != nil || usd != nil else { return nil }
        return Usage(inputTokens: inputTokens ?? 0, outputTokens: outputTokens ?? 0, usd: usd)
    }

    /// Bytes of `outcome.json` that are accepted.
    static let largestFile = 1 << 20
    private static let longestSummary = 300
    private static let longestReason = 8_000

    private struct File: Decodable {
        struct Usage: Decodable {
            var inputTokens: Int?
            var outputTokens: Int?
        }

        var summary: String?
        var reason: String?
        var usage: Usage?
        var costUsd: Double?
    }

    /// - Returns: nil where the bytes are no such report.
    static func parse(_ bytes: [UInt8]) -> JobReport? {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let file = try? decoder.decode(File.self, from: Data(bytes)) else { return nil }
        let figures = [file.usage?.inputTokens, file.usage?.outputTokens].compactMap { $0 }
        guard figures.allSatisfy({ $0 >= 0 }), file.costUsd.map({ $0 >= 0 && $0.isFinite }) ?? true else { return nil }
        let line = file.summary?.split(whereSeparator: \.isNewline).first
        return JobReport(
            summary: line.map { String($0.prefix(longestSummary)) },
            reason: file.reason.map { String($0.prefix(longestReason)) }, inputTokens: file.usage?.inputTokens,
            outputTokens: file.usage?.outputTokens, usd: file.costUsd)
    }
}

extension JobFolder {
    /// Reads `outcome.json`.
    ///
    /// - Returns: the report, or nil with a note for people where there is a file that is none.
    package func report() -> (report: JobReport?, note: String?) {
        do {
            guard let bytes = try UntrustedFile.read(outcome, limit: JobReport.largestFile) else { return (nil, nil) }
            guard let report = JobReport.parse(bytes) else {
                return (nil, "outcome.json is not of the form that docs/job-folder.md describes; it was ignored")
            }
            return (report, nil)
        } catch {
            return (nil, "outcome.json was ignored: \(error)")
        }
    }
}
