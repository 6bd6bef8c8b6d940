import Foundation
package import Model

/// Success and cost of each worker, for people and for programs.
package struct WorkersReport: Sendable {
    private let records: [WorkerRecord]

    /// - Parameter records: one for each worker.
    package init(_ records: [WorkerRecord]) { self.records = records }

    /// The report in one of its forms, with a newline at the end.
    package func render(_ format: OutputFormat, _ layout: Layout) throws -> String {
        switch format {
        case .text: text(layout)
        case .json: try json()
        }
    }

    private func text(_ layout: Layout) -> String {
        guard !records.isEmpty else { return "no worker has made an attempt yet\n" }
        var table = TextTable(indent: 0)
        table.rows = [
            ["worker", "attempts", "passed", "landed", "minutes", "requests", "tokens", "usd"]
                .map { .init($0, .heading) }
        ]
        for record in records {
            table.rows.append(
                [
                    record.worker, "\(record.attempts)",
                    record.successRate.map { "\(Int(($0 * 100).rounded())) %" } ?? "-",
                    "\(record.landed)", Self.figure(record.minutesPerLanded, digits: 2),
                    Self.figure(record.requestsPerLanded, digits: 1), Self.figure(record.tokensPerLanded, digits: 0),
                    Self.figure(record.usdPerLanded, digits: 4),
                ].map { .init($0) })
        }
        let note = layout.style.paint(
            layout.fit("minutes, requests, tokens and usd: for each task that landed"), .faint)
        return (table.lines(layout) + [note] + records.compactMap(\.heldBackWords)).joined(separator: "\n") + "\n"
    }

    private static func figure(_ value: Double?, digits: Int) -> String {
        value.map { String(format: "%.\(digits)f", $0) } ?? "-"
    }

    private struct Document: Encodable {
        struct Worker: Encodable {
            var name: String
            var attempts: Int
            var verified: Int
            var landed: Int
            var heldBack: Int
            var successRate: Double?
            var seconds: Double
            var requests: Int
            var inputTokens: Int?
            var cachedTokens: Int?
            var outputTokens: Int?
            var usd: Double?
            var minutesPerLanded: Double?
            var requestsPerLanded: Double?
            var tokensPerLanded: Double?
            var usdPerLanded: Double?
        }

        var version = 1
        var workers: [Worker]
    }

    private func json() throws -> String {
        let workers = records.map { record in
            Document.Worker(
                name: record.worker, attempts: record.attempts, verified: record.verified, landed: record.landed,
                heldBack: record.heldBack, successRate: record.successRate, seconds: record.seconds,
                requests: record.requests, inputTokens: record.usage?.inputTokens,
                cachedTokens: record.usage?.cachedTokens, outputTokens: record.usage?.outputTokens,
                usd: record.usage?.usd, minutesPerLanded: record.minutesPerLanded,
                requestsPerLanded: record.requestsPerLanded, tokensPerLanded: record.tokensPerLanded,
                usdPerLanded: record.usdPerLanded)
        }
        return try DocumentJSON.text(Document(workers: workers))
    }
}

extension WorkerRecord {
    /// How often the worker passed what it saw and failed what it did not; nil for never.
    var heldBackWords: String? {
        guard heldBack > 0 else { return nil }
        let share = Int((Double(heldBack) / Double(max(1, verified + heldBack)) * 100).rounded())
        return "\(worker): \(Count.text(heldBack, "attempt")) passed the known checks and failed a held-back one "
            + "(\(share) % of the attempts that passed the known checks)"
    }
}
