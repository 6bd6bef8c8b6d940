import Model
import Testing

@testable import PlanFile

@Suite("The key 'commit'")
struct CommitKeyTests {
    private func errors(_ commit: String) -> [String] { PlanText.errors(PlanText.start + "commit: \(commit)\n") }

    @Test func `a template with an unknown placeholder is refused at its place`() {
        #expect(errors("{subject: \"x {titel}\"}").first?.contains("unknown placeholder {titel}") == true)
        #expect(errors("{subject: \"{a} {task} {b}\"}").first?.contains("unknown placeholders {a}, {b}") == true)
        #expect(errors("{subject: \"x {{titel}} {title}\"}") == [])
        #expect(errors("{body: \"{nothing}\"}").count == 1)
        #expect(errors("{trailers: {Refs: \"{tickets}\"}}").count == 1)
    }

    @Test func `keys of orchestrate, bad keys and bad names are refused`() {
        #expect(errors("{trailers: {Orchestrate-Task: x}}").first?.contains("written by orchestrate") == true)
        #expect(errors("{trailers: {verified-tree: x}}").count == 1)
        #expect(errors("{trailers: {\"Re fs\": x}}").count == 1)
        #expect(errors("{author: Ada}").first?.contains("a name and an address") == true)
        #expect(errors("{author: \"<a@b.c>\"}").count == 1)
        #expect(errors("{co_author: [\"Ada <a@b.c>\", \"Bea\"]}").count == 1)
        #expect(errors("{subject: \"{title}\\nmore\"}").count == 1)
    }

    @Test func `a ticket that is used must be given`() {
        #expect(errors("{subject: \"{ticket} {title}\"}").first?.contains("there is no ticket") == true)
        #expect(errors("{subject: \"{ticket} {title}\", ticket: A-1}") == [])
    }
}
