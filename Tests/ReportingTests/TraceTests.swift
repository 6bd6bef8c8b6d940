import Foundation
import Model
import Testing

@testable import Reporting

/// The trace of a run, as a collector of OpenTelemetry reads it.
struct TraceTests {
    private struct Document: Decodable {
        struct Resource: Decodable { var scopeSpans: [Scope] }
        struct Scope: Decodable { var spans: [Span] }
        struct Span: Decodable {
            var traceId: String
            var spanId: String
            var parentSpanId: String?
            var name: String
            var startTimeUnixNano: String
            var endTimeUnixNano: String
            var status: Status
        }
        struct Status: Decodable { var code: Int }
        var resourceSpans: [Resource]
    }

    private func spans() throws -> [Document.Span] {
        let sample = try SampleRun(finished: true)
        let text = try TraceReport(sample.reader, run: nil, now: SampleRun.now).json()
        let document = try JSONDecoder().decode(Document.self, from: Data(text.utf8))
        return document.resourceSpans.flatMap(\.scopeSpans).flatMap(\.spans)
    }

    @Test func `ids have the right length, and each parent is in the trace`() throws {
        let spans = try spans()
        let digits = Set("0123456789abcdef")
        #expect(Set(spans.map(\.traceId)).count == 1)
        for span in spans {
            #expect(span.traceId.count == 32 && span.spanId.count == 16)
            #expect((span.traceId + span.spanId).allSatisfy(digits.contains))
        }
        let ids = Set(spans.map(\.spanId))
        #expect(ids.count == spans.count, "no id is used twice")
        #expect(spans.filter { $0.parentSpanId == nil }.map(\.name) == ["run modernise-typing-1"])
        #expect(spans.compactMap(\.parentSpanId).allSatisfy(ids.contains))
    }

    @Test func `times are nanoseconds, and a span ends after its start`() throws {
        for span in try spans() {
            let (start, end) = (try #require(Int64(span.startTimeUnixNano)), try #require(Int64(span.endTimeUnixNano)))
            #expect(start > 1_700_000_000_000_000_000 && start <= end, "\(span.name)")
        }
    }

    @Test func `an attempt has its set-up, worker and checks, and a task its landing`() throws {
        let spans = try spans()
        let named = Dictionary(spans.map { ($0.spanId, $0) }) { first, _ in first }
        func children(_ span: Document.Span) -> [Document.Span] { spans.filter { $0.parentSpanId == span.spanId } }
        let task = try #require(spans.first { $0.name == "task lib-errors.py" })
        #expect(Set(children(task).map(\.name)) == ["attempt 1", "landing"])
        let attempt = try #require(children(task).first { $0.name == "attempt 1" })
        #expect(children(attempt).map(\.name).contains("set-up"))
        #expect(children(attempt).contains { $0.name.hasPrefix("worker ") })
        let failed = spans.filter { $0.name.hasPrefix("attempt") && $0.status.code == 2 }
        #expect(!failed.isEmpty)
        #expect(named[try #require(task.parentSpanId)]?.name.hasPrefix("run") == true)
    }
}
