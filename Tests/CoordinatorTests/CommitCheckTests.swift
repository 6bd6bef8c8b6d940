import Foundation
import Git
import Model
import Store
import TestSupport
import Testing

@testable import Coordinator

@Suite("The check of a commit")
struct CommitCheckTests {
    private func subject(_ fixture: RunFixture, _ commit: ObjectID, isFresh: Bool = false) throws -> CommitCheck.Subject
    {
        .init(commit: commit, tree: try fixture.git.repository.treeOf(commit), isFresh: isFresh)
    }

    private func check(_ fixture: RunFixture, keepGoing: Bool = false) -> CommitCheck {
        var check = fixture.context.commitCheck(of: fixture.tasks[0], logs: "1")
        check.keepGoing = keepGoing
        return check
    }

    @Test func `judges the commit and not the base`() async throws {
        let fixture = try RunFixture()
        let broken = try fixture.commit(["a.txt": "broken\n"], on: fixture.base)
        let list = [Check(name: "whole", run: "! grep -q broken a.txt")]
        #expect(try await check(fixture).verdict(list, on: subject(fixture, fixture.base)).isGreen)
        let verdict = try await check(fixture).verdict(list, on: subject(fixture, broken))
        #expect(!verdict.isGreen)
        #expect(verdict.fault == nil)
        #expect(verdict.failure(.landingCheck)?.kind == .landingCheck)
    }

    @Test func `runs nothing where the verdict on the tree is known`() async throws {
        let fixture = try RunFixture()
        let mark = fixture.repository.directory.appending("runs")
        let list = [Check(name: "count", run: "echo x >> \(mark)")]
        _ = try await check(fixture).verdict(list, on: subject(fixture, fixture.base))
        _ = try await check(fixture).verdict(list, on: subject(fixture, fixture.base))
        #expect(try String(contentsOfFile: mark, encoding: .utf8) == "x\n")
        _ = try await check(fixture).verdict(list, on: subject(fixture, fixture.base, isFresh: true))
        #expect(try String(contentsOfFile: mark, encoding: .utf8) == "x\nx\n")
    }

    @Test func `stops at the first red check unless it is to go on`() async throws {
        let fixture = try RunFixture()
        let list = [Check(name: "red", run: "false"), Check(name: "green", run: "true")]
        let first = try await check(fixture).verdict(list, on: subject(fixture, fixture.base))
        #expect(first.results.map(\.name) == ["red"])
        let all = try await check(fixture, keepGoing: true).verdict(list, on: subject(fixture, fixture.base))
        #expect(all.results.map(\.name) == ["red", "green"])
        #expect(!all.isGreen)
    }

    @Test func `a check that ran out of time says nothing about the tree`() async throws {
        let fixture = try RunFixture()
        let list = [Check(name: "slow", run: "sleep 60", timeout: 0.2)]
        let verdict = try await check(fixture).verdict(list, on: subject(fixture, fixture.base))
        #expect(verdict.fault?.kind == .infrastructure)
        #expect(verdict.fault?.summary == "landing check 'slow' did not finish")
    }

    @Test func `without checks everything passes`() async throws {
        let fixture = try RunFixture()
        #expect(try await check(fixture).verdict([], on: subject(fixture, fixture.base)).isGreen)
    }

    @Test func `keeps the full output in the folder of the logs`() async throws {
        let fixture = try RunFixture()
        _ = try await check(fixture).verdict(
            [Check(name: "loud", run: "echo hello")], on: subject(fixture, fixture.base))
        let log = try String(contentsOfFile: "\(fixture.context.logFolder("1"))/loud-1.log", encoding: .utf8)
        #expect(log.contains("hello"))
    }

    @Test func `its checks are told the run and the task`() async throws {
        let fixture = try RunFixture()
        let verdict = try await check(fixture).verdict(
            [Check(name: "told", run: "test \"$ORCHESTRATE_RUN $ORCHESTRATE_TASK\" = 'p-1 a.txt'")],
            on: subject(fixture, fixture.base))
        #expect(verdict.isGreen)
    }
}
