import Coordinator
import Foundation
import Model
import ProjectScan
import TestSupport
import Testing

@testable import CommandLine

@Suite struct InitPartTests {
    private func result(
        _ outcome: CheckResult.Outcome, status: Int32 = 1, digest: String = "", failed: [String] = [], tests: Int? = nil
    ) -> CheckResult {
        CheckResult(
            name: "tests", command: "make test", outcome: outcome, status: outcome == .passed ? 0 : status, seconds: 1,
            digest: digest, failedTests: failed, testsRun: tests)
    }

    private func trial(_ first: CheckResult, _ second: CheckResult? = nil, broken: CheckResult? = nil) -> CheckTrial {
        CheckTrial(PlanTrial.Seen(first: first, second: second, broken: broken), .tests)
    }

    @Test func `a check that passes on the base and fails on broken files sees them`() {
        let seen = trial(result(.passed, tests: 3), result(.passed), broken: result(.failed))
        #expect(seen.verdict == .passed && seen.isUsable)
        #expect(seen.seesBrokenTree == true)
        #expect(seen.words == "passed in 1.0 s, 3 tests; fails on broken files, as it should")
        #expect(trial(result(.passed), broken: result(.passed)).words.contains("PASSES ON BROKEN FILES"))
    }

    @Test func `a check that ran no test does not work`() {
        let seen = trial(result(.passed, tests: 0), broken: result(.passed, tests: 0))
        #expect(seen.verdict == .broken && !seen.isUsable)
        #expect(seen.reason == "it ran no tests")
    }

    @Test func `two runs that disagree are flaky`() {
        #expect(trial(result(.failed, failed: ["a"]), result(.passed)).verdict == .flaky)
        #expect(trial(result(.passed), result(.failed)).verdict == .flaky)
    }

    @Test func `failed tests are a red base, and anything else does not work`() {
        #expect(trial(result(.failed, failed: ["test_a"])).verdict == .failed)
        #expect(trial(result(.failed, status: 127, digest: "sh: 1: tox: not found")).verdict == .broken)
        #expect(trial(result(.failed)).reason == "exit status 1")
        let missing = trial(
            result(.failed, digest: "$ pytest\nTraceback\nModuleNotFoundError: No module named 'six'\nexit status 1"))
        #expect(missing.verdict == .broken)
        #expect(missing.reason == "ModuleNotFoundError: No module named 'six'")
        #expect(trial(result(.timedOut)).reason == "it did not end in time")
    }

    @Test(arguments: [
        ("Replace Enzyme with Testing Library, everywhere in the code", "replace-enzyme-with-testing-library"),
        ("Ünïcode", "n-code"), ("…", "migration"), ("  a/b..c  ", "a-b-c"),
    ])
    func `a plan is named by the first words of its goal`(_ goal: String, _ name: String) {
        #expect(PlanPlace.name(from: goal) == name)
    }

    // MARK: The search for plans

    @Test func `plans are looked for up to the root of the repository, and beside it`() throws {
        let directory = try ScratchDirectory("search")
        for folder in ["shop/.git", "shop/src/deep", "shop/.orchestrate"] { try directory.makeDirectory(folder) }
        let search = PlanSearch(repository: directory.appending("shop/src/deep"))
        #expect(
            search.folders
                == ["shop/src/deep/.orchestrate", "shop/src/.orchestrate", "shop/.orchestrate", ".orchestrate/shop"]
                .map(directory.appending))
        #expect(throws: Outcome.self) { try search.only() }
        func write(_ path: String) throws {
            try "".write(toFile: directory.appending(path), atomically: true, encoding: .utf8)
        }
        try directory.makeDirectory(".orchestrate/shop")
        try write(".orchestrate/shop/far.yaml")
        #expect(try search.only() == directory.appending(".orchestrate/shop/far.yaml"))
        // The nearest folder with a plan wins, and only plans count.
        try write("shop/.orchestrate/near.yml")
        try write("shop/.orchestrate/notes.md")
        #expect(try search.only() == directory.appending("shop/.orchestrate/near.yml"))
        try write("shop/.orchestrate/other.yaml")
        #expect(throws: Outcome.self) { try search.only() }
    }

    @Test func `outside of a repository only the folder itself has plans`() throws {
        let directory = try ScratchDirectory("search")
        try directory.makeDirectory("a/b")
        #expect(
            PlanSearch(repository: directory.appending("a/b")).folders == [directory.appending("a/b/.orchestrate")])
    }
}
