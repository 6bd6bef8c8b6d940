import Foundation
import Model
import Store
import TestSupport
import Testing

@testable import Reporting

@Suite("Records of a migration")
struct RunReportTests {
    private func look(done: Int, of total: Int) throws -> FileLook {
        let id = try #require(ObjectID(hex: String(repeating: "1", count: 40)))
        return FileLook(
            commit: id,
            files: (0..<total).map { .init(path: "f\($0)", blob: id, openCheck: $0 < done ? nil : "old") })
    }

    @Test func `the forecast goes on at the pace of the later landings`() throws {
        let times = [0.0, 1000, 1010, 1020, 1030].map { Timestamp(seconds: $0) }
        let report = ProgressReport(
            plan: "p",
            looks: [
                .init(name: "main", look: try look(done: 0, of: 10)),
                .init(name: "tip", look: try look(done: 5, of: 10)),
            ],
            landings: times, now: Timestamp(seconds: 2000))
        #expect(report.points.map(\.open) == [9, 8, 7, 6, 5])
        #expect(report.forecast == 50)
        let line = report.sparkline(width: 8)
        #expect(line.count == 8 && line.first == "█" && line.last == "▅", "\(line)")
        let done = ProgressReport(
            plan: "p", looks: [.init(name: "tip", look: try look(done: 10, of: 10))], landings: times,
            now: Timestamp(seconds: 2000))
        #expect(done.forecast == nil)
    }

    @Test func `a page holds text from outside as text`() throws {
        let report = ProgressReport(
            plan: "<script>x</script>", looks: [.init(name: "a\"b", look: try look(done: 1, of: 2))], landings: [],
            now: Timestamp(seconds: 0), group: { _ in "<i>" })
        #expect(!report.html.contains("<script>") && !report.html.contains("<td><i>"))
        #expect(try report.render(.text, Layout(width: 80)).contains("1 of 2 done, 50 %"))
    }

    @Test(arguments: [
        (RequestState.Phase.open, 100.0, "open"), (.open, 400_000.0, "stale"), (.merged, 0.0, "merged"),
        (.closed, 0.0, "closed"),
    ]) func `a pull request without news is stale`(phase: RequestState.Phase, age: Double, word: String) throws {
        let id = try #require(ObjectID(hex: String(repeating: "2", count: 40)))
        let now = Timestamp(seconds: 1_000_000)
        var request = BranchRequest(
            name: "@org/web", branch: "orchestrate-pr/p/web", parent: nil, owners: ["@org/web"], tasks: [],
            files: ["a"],
            commit: id, tree: id)
        request.pushed = id
        request.request = .init(
            number: 7, url: "u", opened: now + -age,
            state: RequestState(
                number: 7, url: "u", phase: phase, head: id, base: "main", reviewers: ["ann"],
                decision: "CHANGES_REQUESTED",
                checks: [.init(name: "ci", outcome: .failed)], updated: now + -age))
        var book = RequestBook(
            plan: "p", rule: .owner, target: "main", base: id, tip: id, checks: "", requests: [request])
        let text = try RequestsReport(book, now: now).render(.text, Layout(width: 80))
        #expect(text.contains("#7  \(word)"), "\(text)")
        #expect(text.contains("red: ci") && text.contains("ann: changes requested"))
        book.requests[0].pushed = nil
        if phase == .open { #expect(try RequestsReport(book, now: now).render(.text, Layout()).contains("behind")) }
        #expect(try RequestsReport(book, now: now).render(.json, Layout()).contains("\"version\" : 1"))
    }
}
