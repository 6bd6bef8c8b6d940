import Foundation
import Testing

@testable import PlanFile

/// Files under `docs/` that are made from the tables of keys; `RECORD=1 swift test --filter GeneratedDocuments` writes
/// them anew.
@Suite struct GeneratedDocuments {
    private static let docs = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("docs")

    private static let isRecording = ProcessInfo.processInfo.environment["RECORD"] != nil

    @Test func `plan schema is current`() throws { try compare("plan.schema.json", PlanSchema.json()) }

    @Test func `worker schema is current`() throws { try compare("worker.schema.json", PlanSchema.workerJSON()) }

    @Test func `executors schema is current`() throws {
        try compare("executors.schema.json", PlanSchema.executorsJSON())
    }

    @Test func `reference is current`() throws {
        var text = try String(contentsOf: Self.docs.appendingPathComponent("plan.md"), encoding: .utf8)
        try replace("keys of a plan", in: &text, with: PlanReference.planKeys())
        try replace("keys of a worker", in: &text, with: PlanReference.workerKeys())
        try replace("not supported", in: &text, with: PlanReference.unsupported())
        try compare("plan.md", text)
    }

    private func replace(_ part: String, in text: inout String, with table: String) throws {
        let start = try #require(text.range(of: "<!-- \(part): written by the tests -->\n"))
        let end = try #require(text.range(of: "<!-- end -->", range: start.upperBound..<text.endIndex))
        text.replaceSubrange(start.upperBound..<end.lowerBound, with: table)
    }

    private func compare(_ name: String, _ wanted: String) throws {
        let file = Self.docs.appendingPathComponent(name)
        if Self.isRecording { try Data(wanted.utf8).write(to: file) }
        #expect(!Self.isRecording, "recorded \(name); run again without RECORD")
        #expect(
            try String(contentsOf: file, encoding: .utf8) == wanted, "docs/\(name) is out of date: set RECORD=1 once")
    }
}
