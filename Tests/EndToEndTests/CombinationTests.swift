import Foundation
import TestSupport
import Testing

/// A real run of 60 tasks, of which 8 are good alone and break the landing check in combination.
@Suite(.ownThreads) struct CombinationTests {
    private static let combinations = [["t00", "t01"], ["t17", "t42"], ["t05", "t23", "t31", "t59"]]

    /// Fails where all files of a combination are migrated.
    private static let check = combinations.map { names in
        "if " + names.map { "grep -q new src/\($0).py" }.joined(separator: " && ") + "; then exit 1; fi"
    }.joined(separator: "\n")

    @Test(arguments: ["{policy: auto}", "{policy: speculative}", "{policy: batch, max_batch: 8}"])
    func `no breaking combination lands and all else does`(landing: String) throws {
        let shop = try Workshop()
        var files = ["check": "#!/bin/sh\n\(Self.check)\n"]
        for number in 0..<60 { files[String(format: "src/t%02d.py", number)] = "old = \(number)\n" }
        try shop.repository.commit(files)
        try shop.plan(
            """
            scope: {include: ["src/*.py"]}
            landing: \(landing)
            workers:
              max_parallel: 4
              conflict_attempts: 1
              ladder:
                - run: "sed -i s/old/new/g {files}"
                  attempts: 1
            verify:
              probe: off
              done:
                - run: "grep -q new {file}"
              landing:
                - run: sh ./check
            """)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 1, "\(result.errorText)")
        let landed = Set(try shop.landed())
        for names in Self.combinations {
            // All but one of each have landed; the one that came last has not.
            #expect(names.filter { landed.contains("src-\($0).py") }.count == names.count - 1)
        }
        #expect(landed.count == 60 - Self.combinations.count)
        try everyCommitPasses(shop)
    }

    private func everyCommitPasses(_ shop: Workshop) throws {
        let clone = shop.directory.appending("clone")
        try shop.repository.git("clone", "--quiet", "--branch", shop.integration, shop.repository.path, clone)
        let commits = try shop.repository.git("rev-list", "main..\(shop.integration)").split(separator: "\n")
        #expect(commits.count == 60 - Self.combinations.count)
        for commit in commits {
            try shop.repository.git("-C", clone, "checkout", "--quiet", "--detach", String(commit))
            let outcome = try run("/bin/sh", ["./check"], in: clone, environment: shop.environment, input: [])
            #expect(outcome.status == 0, "\(commit)")
            let files = try shop.repository.git("show", "--format=", "--name-only", String(commit))
            #expect(files.split(separator: "\n").count == 1)
        }
    }
}
