import Foundation
import Git
import Jobs
import Model
import Testing
import Verification

/// Every guard has diffs that trip it and diffs that must not; `docs/security.md` lists them.
@Suite struct GuardTableTests {
    @Test(arguments: GuardFixture.all) func `a guard objects to what it is for and to nothing else`(
        fixture: GuardFixture
    ) throws {
        let failure = try fixture.judge()
        guard fixture.trips else {
            #expect(failure == nil, "\(failure?.detail ?? "")")
            return
        }
        let found = try #require(failure)
        #expect(found.kind == .guardRule)
        if !fixture.places.isEmpty { #expect(found.places == fixture.places) }
        #expect(fixture.says.isEmpty || found.detail.contains(fixture.says), "\(found.detail)")
        // Its key switches it off, and no other guard objects to the same diff.
        let rest = try fixture.judge(fixture.rules.allowing(fixture.key))
        #expect(rest == nil, "\(rest?.detail ?? "")")
    }

    @Test func `every guard has both kinds of diffs`() {
        for (key, fixtures) in Dictionary(grouping: GuardFixture.all, by: \.key) {
            #expect(fixtures.contains { $0.trips }, "\(key)")
            #expect(fixtures.contains { !$0.trips }, "\(key)")
        }
        let keys = Set(GuardFixture.all.map(\.key))
        #expect(keys.count == 17)
        let names = GuardFixture.all.map(\.testDescription)
        #expect(Set(names).count == names.count)
    }

    @Test func `what is secret is not told`() throws {
        for fixture in GuardFixture.secretValues where fixture.trips {
            let detail = try fixture.judge()?.detail ?? ""
            for secret in fixture.secrets { #expect(!detail.contains(secret.value)) }
            #expect(!detail.contains("gh" + "p_"))
        }
    }

    @Test func `an object that cannot be read is no objection`() throws {
        let stage = Plan(
            name: "p", goal: "g", repository: "/r",
            workers: WorkerRules(ladder: [Rung(worker: Worker(name: "w", run: "true"))]),
            guards: GuardRules(write: .repository)
        ).stages[0]
        let id = try #require(ObjectID(hex: String(repeating: "a", count: 40)))
        let change = FileChange(
            path: "a.py", status: .added, oldMode: nil, newMode: .regular, oldID: nil, newID: id, added: 1)
        let lost: GuardList.BlobSource = { id throws(GitError) in
            throw .missingObject(id.hex, repository: "/r", partialClone: false)
        }
        let list = try GuardList(stage)
        let task = MigrationTask(id: TaskID("t"), title: "t", files: [])
        #expect(throws: GitError.self) { try list.judge([change], of: task, blob: lost) }
    }
}

/// The table of guards in `docs/security.md`; `RECORD=1 swift test --filter GuardDocument` writes it anew.
@Suite struct GuardDocument {
    private static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs/security.md")

    /// By key, in the order of the table: what the guard is about.
    private static let guards = [
        ("write", "paths outside of what a task may change"), ("forbid", "paths that no task may change"),
        ("max_changed_lines", "a diff of too many lines"), ("max_changed_files", "a diff of too many files"),
        ("tests", "tests removed, skipped or emptied; assertions gone"),
        ("suppressions", "new comments and attributes that silence a checker"),
        ("placeholders", "new comments that stand in for code"), ("emptied_files", "files that had code and have none"),
        ("must_change", "files of the task left as they were"), ("conflict_markers", "what a merge left behind"),
        ("secrets", "keys, tokens, passwords; values of the job's own environment"),
        ("leftovers", "backups, rejects, folders of agents"),
        ("max_binary", "large new binaries, and text that became binary, at any size"),
        ("symlinks", "links out of the repository"), ("modes", "changed modes and types"),
        ("submodules", "submodules, repositories inside of the repository"),
        ("git_attributes", "changed `.gitattributes`"),
    ]

    private static func table() throws -> String {
        var lines = ["| guard | objects to | diffs that trip it | diffs that must not |", "|---|---|---|---|"]
        for (key, words) in guards {
            let fixtures = GuardFixture.all.filter { $0.key == key }
            let tripped = try fixtures.filter { try $0.trips && $0.judge() != nil }
            let passed = try fixtures.filter { try !$0.trips && $0.judge() == nil }
            lines.append("| `\(key)` | \(words) | \(cell(tripped)) | \(cell(passed)) |")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func cell(_ fixtures: [GuardFixture]) -> String {
        let names = fixtures.prefix(4).map { fixture in
            let name = fixture.name.hasPrefix("not: ") ? String(fixture.name.dropFirst(5)) : fixture.name
            return name.replacing("|", with: "\\|")
        }
        return "\(fixtures.count): " + names.joined(separator: "; ") + (fixtures.count > 4 ? "; …" : "")
    }

    @Test func `the table in the document is current`() throws {
        let text = try String(contentsOf: Self.file, encoding: .utf8)
        let start = try #require(text.range(of: "<!-- guards: written by the tests -->\n"))
        let end = try #require(text.range(of: "<!-- end -->", range: start.upperBound..<text.endIndex))
        let wanted = text.replacingCharacters(in: start.upperBound..<end.lowerBound, with: try Self.table())
        if ProcessInfo.processInfo.environment["RECORD"] != nil {
            try Data(wanted.utf8).write(to: Self.file)
            Issue.record("recorded security.md; run again without RECORD")
        }
        #expect(text == wanted, "docs/security.md is out of date: set RECORD=1 once")
    }
}
