import Foundation
package import Model

/// A worker's own report in `outcome.json`: shown to people and never trusted.
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

    /// The reported usage; nil if the report has no figures.
    package var usage: Usage? {
        guard inputTokens != nil || outputTokens != nil || usd != nil else { return nil }
        return Usage(inputTokens: inputTokens ?? 0, outputTokens: outputTokens ?? 0, usd: usd)
    }

    /// Bytes of the largest `outcome.json` that is accepted.
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

    /// Parses a report; nil if it is malformed.
    ///
    /// - Parameter redaction: the values that must not get into a commit message.
    static func parse(_ bytes: [UInt8], _ redaction: Redaction = .none) -> JobReport? {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let file = try? decoder.decode(File.self, from: Data(bytes)) else { return nil }
        let figures = [file.usage?.inputTokens, file.usage?.outputTokens].compactMap { $0 }
        guard figures.allSatisfy({ $0 >= 0 }), file.costUsd.map({ $0 >= 0 && $0.isFinite }) ?? true else { return nil }
        // Values are replaced before anything is cut, which would leave a part of one.
        let line = file.summary.map { OutsideText.lines(redaction.text($0)) }?.split(separator: "\n").first
        let reason = file.reason.map { OutsideText.lines(redaction.text($0)) }
        return JobReport(
            summary: line.map { OutsideText.line(String($0.prefix(longestSummary))) },
            reason: reason.map { String($0.prefix(longestReason)) },
            inputTokens: file.usage?.inputTokens.map { min($0, Usage.mostTokens) },
            outputTokens: file.usage?.outputTokens.map { min($0, Usage.mostTokens) },
            usd: file.costUsd.map { min($0, Usage.mostUSD) })
    }
}

extension JobFolder {
    /// Reads `outcome.json`.
    ///
    /// - Parameter redaction: the values that must not leave the job.
    /// - Returns: the report; or nil, with a note for people if the file is malformed.
    package func report(_ redaction: Redaction = .none) -> (report: JobReport?, note: String?) {
        do {
            guard let bytes = try UntrustedFile.read(outcome, limit: JobReport.largestFile) else { return (nil, nil) }
            guard let report = JobReport.parse(bytes, redaction) else {
                return (nil, "outcome.json is not of the form that docs/job-folder.md describes; it was ignored")
            }
            return (report, nil)
        } catch {
            return (nil, "outcome.json was ignored: \(error)")
        }
    }
}
