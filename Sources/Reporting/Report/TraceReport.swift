import Foundation
package import Model
package import Store

/// The attempts of a run as a trace: OpenTelemetry's protocol in JSON, as collectors read it from a file.
///
/// One trace has the run, its tasks, and their attempts with set-up, worker and checks, and the landings. The log has the
/// durations of checks and no times, so checks are put one after the other before the end of their attempt.
package struct TraceReport: Sendable {
    private var spans: [TraceSpan] = []
    private let run: String

    /// - Parameter run: the run; nil for the one started last.
    /// - Throws: `unknownRun`, or what reading throws.
    package init(_ reader: StoreReader, run id: RunID?, now: Timestamp) throws(StoreError) {
        let (record, events) = try reader.read { view in
            let record = try StatusReport.find(id, in: view, path: reader.path)
            return (record, try view.events(of: record.id))
        }
        self.init(record, events, now: now)
    }

    init(_ record: RunRecord, _ events: [LoggedEvent], now: Timestamp) {
        run = record.id.rawValue
        let end = record.ended ?? now
        let root = TraceSpan(
            run: run, path: [], name: "run \(run)", start: record.started, end: end,
            attributes: [("orchestrate.run", run), ("orchestrate.plan", record.plan.name)])
        var reader = TraceReader(run: run, now: end)
        for event in events { reader.take(event) }
        spans = [root] + reader.finish()
    }

    private struct Attribute: Encodable {
        struct Value: Encodable { var stringValue: String }
        var key: String
        var value: Value

        init(_ key: String, _ value: String) {
            self.key = key
            self.value = Value(stringValue: value)
        }
    }

    private struct Span: Encodable {
        struct Status: Encodable {
            var code: Int
            var message: String?
        }

        var traceId: String
        var spanId: String
        var parentSpanId: String?
        var name: String
        var kind = 1
        var startTimeUnixNano: String
        var endTimeUnixNano: String
        var attributes: [Attribute]
        var status: Status

        init(_ span: TraceSpan) {
            traceId = span.traceID
            spanId = span.id
            parentSpanId = span.parentID
            name = OutsideText.line(span.name)
            startTimeUnixNano = Self.nanoseconds(span.start)
            endTimeUnixNano = Self.nanoseconds(Timestamp(seconds: max(span.start.seconds, span.end.seconds)))
            attributes = span.attributes.map { Attribute($0, OutsideText.line($1)) }
            status = span.failure.map { Status(code: 2, message: OutsideText.line($0)) } ?? Status(code: 1)
        }

        private static func nanoseconds(_ time: Timestamp) -> String {
            // Microseconds are what a double holds of today's dates.
            "\(Int64((time.seconds * 1_000_000).rounded()))000"
        }
    }

    private struct Scope: Encodable {
        var name = "orchestrate"
    }

    private struct ScopeSpans: Encodable {
        var scope = Scope()
        var spans: [Span]
    }

    private struct Resource: Encodable {
        var attributes: [Attribute]
    }

    private struct ResourceSpans: Encodable {
        var resource: Resource
        var scopeSpans: [ScopeSpans]
    }

    private struct Document: Encodable {
        var resourceSpans: [ResourceSpans]
    }

    /// The document on one line, with a line break at its end.
    package func json() throws -> String {
        let resource = Resource(attributes: [
            Attribute("service.name", "orchestrate"), Attribute("service.instance.id", run),
        ])
        let document = Document(resourceSpans: [
            ResourceSpans(resource: resource, scopeSpans: [ScopeSpans(spans: spans.map(Span.init))])
        ])
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
    }
}

/// A piece of work with its start and end.
struct TraceSpan: Sendable {
    /// 32 hexadecimal digits, the same for all spans of a run.
    let traceID: String
    /// 16 hexadecimal digits.
    let id: String
    let parentID: String?
    let name: String
    var start: Timestamp
    var end: Timestamp
    var attributes: [(String, String)]
    var failure: String?

    /// - Parameter path: names of the span and the spans above it, from the run down; empty for the run itself.
    init(
        run: String, path: [String], name: String, start: Timestamp, end: Timestamp,
        attributes: [(String, String)] = [],
        failure: String? = nil
    ) {
        traceID = Self.hash([run, "trace"]) + Self.hash([run, "trace", "2"])
        id = Self.hash([run] + path)
        parentID = path.isEmpty ? nil : Self.hash([run] + path.dropLast())
        self.name = name
        self.start = start
        self.end = end
        self.attributes = attributes
        self.failure = failure
    }

    private static func hash(_ words: [String]) -> String {
        let text = String(words.reduce(StableHash.start) { StableHash.add($1, to: $0) }, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
