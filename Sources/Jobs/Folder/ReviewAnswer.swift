import Foundation
import Model

/// A reviewer's answer about an attempt: the content of `outcome.json`, or the JSON object at the end of its output.
package struct ReviewAnswer: Sendable, Equatable {
    package enum Verdict: String, Sendable, Decodable {
        case approve
        case reject
    }

    package struct Reason: Sendable, Equatable, Decodable {
        package var path: String?
        /// Counted from 1.
        package var line: Int?
        package var text: String

        /// `path`, `path:line` or nothing.
        package var place: String? {
            path.map { path in line.map { "\(path):\($0)" } ?? path }
        }
    }

    package var verdict: Verdict
    package var summary: String
    package var reasons: [Reason]

    private static let longestText = 2_000
    private static let mostReasons = 50

    private struct File: Decodable {
        var verdict: Verdict
        var summary: String?
        var reasons: [Reason]?
    }

    /// Parses an answer.
    ///
    /// - Parameter redaction: the values that must not leave the job.
    /// - Returns: nil for malformed bytes, and for a rejection without any reason.
    package static func parse(_ bytes: [UInt8], _ redaction: Redaction = .none) -> ReviewAnswer? {
        guard let file = try? JSONDecoder().decode(File.self, from: Data(bytes)) else { return nil }
        let reasons = (file.reasons ?? []).prefix(mostReasons).map { reason in
            var reason = reason
            reason.text = String(OutsideText.lines(redaction.text(reason.text)).prefix(longestText))
            reason.path = reason.path.map(redaction.text).flatMap { isPath($0) ? $0 : nil }
            reason.line = reason.line.flatMap { $0 > 0 ? $0 : nil }
            return reason
        }
        let summary = OutsideText.lines(redaction.text(file.summary ?? ""))
        let line = summary.split(separator: "\n").first.map { OutsideText.line(String($0.prefix(300))) } ?? ""
        let isSaid = !line.isEmpty || reasons.contains { !$0.text.isEmpty }
        guard file.verdict == .approve || isSaid else { return nil }
        return ReviewAnswer(verdict: file.verdict, summary: line, reasons: reasons)
    }

    /// Parses the answer at the end of a text, with or without a code fence around it.
    package static func parse(endOf text: String, _ redaction: Redaction = .none) -> ReviewAnswer? {
        let bytes = Array(text.utf8)
        guard let end = bytes.lastIndex(of: UInt8(ascii: "}")) else { return nil }
        var start = end
        var tries = 0
        // A brace inside a text of the answer is not its start; the start is further to the front.
        while let open = bytes[..<start].lastIndex(of: UInt8(ascii: "{")), tries < mostReasons * 2 {
            if let answer = parse(Array(bytes[open...end]), redaction) { return answer }
            start = open
            tries += 1
        }
        return nil
    }

    private static func isPath(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count < 1_000 && OutsideText.line(text) == text
    }
}

extension JobFolder {
    /// Reads `outcome.json` as a reviewer's answer; nil if it is missing or malformed.
    package func reviewAnswer(_ redaction: Redaction = .none) -> ReviewAnswer? {
        guard let bytes = try? UntrustedFile.read(outcome, limit: JobReport.largestFile) else { return nil }
        return ReviewAnswer.parse(bytes, redaction)
    }
}
