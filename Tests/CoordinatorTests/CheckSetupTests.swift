import Foundation
import Git
import Model
import Store
import TestSupport
import Testing

@testable import Coordinator

@Suite("Verdicts from one run to the next")
struct CheckSetupTests {
    private let fixture: RunFixture
    private let store: EventStore
    private var mark: String { fixture.repository.directory.appending("runs") }

    init() throws {
        fixture = try RunFixture()
        store = try EventStore(path: fixture.state.store)
    }

    /// Runs a check that leaves a mark, with the verdicts that a run of the plan would have.
    private func check(_ command: String, in run: RunID, answers: Bool = true) async throws -> CommitVerdict {
        let inbox = fixture.inbox
        let cache = try store.read { view in
            try CheckSetup.cache(view, plan: "p", run: run, answers: answers) { verdicts, _ in
                inbox.put(.checked(.init(verdicts: verdicts)))
            }
        }
        let setup = CheckSetup(services: fixture.context.jobs, cache: cache)
        let check = CommitCheck(
            checks: setup.checks(fixture.plan.verify), slots: fixture.context.slots.landing, run: run, task: nil,
            logs: fixture.context.logFolder("test"))
        let verdict = try await check.verdict(
            [Check(name: "c", run: "echo x >> \(mark); \(command)")],
            on: .init(commit: fixture.base, tree: fixture.git.repository.treeOf(fixture.base)))
        let facts = inbox.takeRest()
        if !facts.isEmpty { _ = try store.append(facts.map { .fact($0) }, run: RunID("p-1"), time: .now) }
        return verdict
    }

    private func runs() throws -> Int { try String(contentsOfFile: mark, encoding: .utf8).count / 2 }

    @Test func `a red verdict answers in its own run and in no other`() async throws {
        #expect(try await !check("false", in: RunID("p-1")).isGreen)
        #expect(try await !check("false", in: RunID("p-1")).isGreen)
        #expect(try runs() == 1)
        #expect(try await !check("false", in: RunID("p-2")).isGreen)
        #expect(try runs() == 2)
    }

    @Test func `a green verdict answers in every run, unless verdicts are not to answer`() async throws {
        #expect(try await check("true", in: RunID("p-1")).isGreen)
        #expect(try await check("true", in: RunID("p-2")).isGreen)
        #expect(try runs() == 1)
        #expect(try await check("true", in: RunID("p-2"), answers: false).isGreen)
        #expect(try runs() == 2)
    }

    @Test func `all checks of a whole tree are run, red ones too`() async throws {
        let whole = try await fixture.context.checks.setup.check(
            [Check(name: "red", run: "false"), Check(name: "green", run: "true")], rules: fixture.plan.verify,
            at: fixture.base, of: fixture.git.repository, in: fixture.context.slots.landing, as: RunID("p-1"),
            logs: fixture.context.logFolder("whole"))
        #expect(whole.checks.map(\.outcome) == [.failed, .passed])
        #expect(whole.commit == fixture.base)
        #expect(whole.tree == (try fixture.git.repository.treeOf(fixture.base)))
    }
}
