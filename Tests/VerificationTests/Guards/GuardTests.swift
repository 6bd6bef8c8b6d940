import Git
import Model
import Testing
import Verification

@Suite struct GuardTests {
    private static let task = MigrationTask(id: TaskID("a"), title: "a", files: ["src/a.py", "src/b [x].py"])

    private static func stage(_ guards: GuardRules) -> Stage {
        Plan(
            name: "p", goal: "g", repository: "/r",
            scope: Plan.Scope(include: ["src/**/*.py"], exclude: ["src/vendor/**"]),
            workers: WorkerRules(ladder: [Rung(worker: Worker(name: "w", run: "true"))]), guards: guards
        ).stages[0]
    }

    private static func change(_ path: String, added: Int = 1, removed: Int = 0) -> FileChange {
        FileChange(
            path: path, status: .modified, oldMode: .regular, newMode: .regular, oldID: nil, newID: nil, added: added,
            removed: removed)
    }

    private func judge(_ guards: GuardRules, _ changes: [FileChange]) throws -> Failure? {
        try GuardList(Self.stage(guards)).judge(changes, of: Self.task)
    }

    @Test(arguments: GuardRules.WriteSet.allCases) func `the write set holds`(write: GuardRules.WriteSet) throws {
        let rules = GuardRules(write: write, alsoAllow: ["CHANGES.md", "docs/**"])
        let allowed: [String: [GuardRules.WriteSet]] = [
            "src/a.py": [.taskFiles, .scope, .repository], "src/b [x].py": [.taskFiles, .scope, .repository],
            "src/c.py": [.scope, .repository], "src/vendor/d.py": [.repository], "README.md": [.repository],
            "CHANGES.md": [.taskFiles, .scope, .repository], "docs/x/y.md": [.taskFiles, .scope, .repository],
        ]
        for (path, sets) in allowed {
            let failure = try judge(rules, [Self.change(path)])
            #expect((failure == nil) == sets.contains(write), "\(path)")
            guard let failure else { continue }
            #expect(failure.kind == .guardRule)
            #expect(failure.places == [path])
            #expect(failure.summary.hasPrefix(path))
        }
    }

    @Test func `what is forbidden is forbidden whatever else allows it`() throws {
        let rules = GuardRules(write: .repository, alsoAllow: [".github/**"], forbid: [".github/**", "src/a.py"])
        #expect(try judge(rules, [Self.change("src/b [x].py")]) == nil)
        #expect(try judge(rules, [Self.change(".github/workflows/ci.yml")])?.places == [".github/workflows/ci.yml"])
        #expect(try judge(rules, [Self.change("src/a.py")])?.summary.contains("forbidden by 'src/a.py'") == true)
    }

    @Test func `a path is objected to once`() throws {
        let failure = try judge(GuardRules(forbid: ["x"]), [Self.change("x"), Self.change("y")])
        #expect(failure?.places == ["x", "y"])
        #expect(failure?.detail.split(separator: "\n").count == 2)
        #expect(failure?.summary.hasSuffix(", and 1 more") == true)
    }

    @Test func `of many paths twenty are named`() throws {
        let failure = try judge(GuardRules(), (0..<50).map { Self.change("out/\($0)") })
        #expect(failure?.places.count == 20)
        #expect(failure?.detail.hasSuffix("\nand 30 more") == true)
        #expect(failure?.detail.split(separator: "\n").count == 21)
    }

    @Test(arguments: [(400, 400, true), (401, 400, false), (0, 801, false)])
    func `a diff may be so large`(added: Int, removed: Int, passes: Bool) throws {
        let changes = [Self.change("src/a.py", added: added), Self.change("src/b [x].py", added: 0, removed: removed)]
        let failure = try judge(GuardRules(maxChangedLines: 800), changes)
        #expect((failure == nil) == passes)
        #expect(failure?.summary.contains("\(added + removed) changed lines") ?? passes)
        #expect(try judge(GuardRules(), changes) == nil)
    }

    @Test func `an attempt that changed nothing is no work`() throws {
        let failure = try judge(GuardRules(write: .repository), [])
        #expect(failure?.kind == .noChange)
        #expect(failure?.places.isEmpty == true)
    }

    @Test func `what tools leave behind is taken out`() throws {
        let list = try GuardList(Self.stage(GuardRules(discard: ["**/__pycache__/**", "*.orig"])))
        let changes = ["src/a.py", "src/__pycache__/a.pyc", "x.orig", "src/x.orig"].map { Self.change($0) }
        let (kept, discarded) = list.split(changes)
        #expect(kept.map(\.path) == ["src/a.py", "src/x.orig"])
        #expect(discarded.map(\.path) == ["src/__pycache__/a.pyc", "x.orig"])
    }

    @Test func `a malformed glob is refused`() {
        #expect(throws: GlobError.self) { try GuardList(Self.stage(GuardRules(forbid: ["["]))) }
        #expect(throws: GlobError.self) { try GuardList(Self.stage(GuardRules(discard: ["/x"]))) }
    }

    @Test func `the rules can be told in words`() throws {
        let rules = GuardRules(
            write: .scope, alsoAllow: ["CHANGES.md"], forbid: ["a", "b", "c"], discard: ["*.orig"], maxChangedLines: 800
        )
        #expect(
            try GuardList(Self.stage(rules)).inWords == [
                "Never change `a`, `b` and `c`.",
                "Change only `src/**/*.py`, except `src/vendor/**`, and `CHANGES.md` where needed.",
                "Keep every test and every assertion: remove, skip and empty none.",
                "Silence no compiler, type checker or linter: add no `# noqa`, `# type: ignore`, `@ts-ignore`, "
                    + "`eslint-disable`, `#[allow]`, `@SuppressWarnings` or the like.",
                "Write code out in full: no placeholder such as `... existing code ...` or `rest unchanged`.",
                "Leave no backup, reject or swap file behind, and no folder with your own settings.",
                "Change no submodule, and create no repository inside the repository.",
                "Create no symbolic link that leads out of the repository.",
                "Leave every `.gitattributes` as it is.",
                "Leave the modes of files as they are.",
                "Change at most 800 lines, added plus removed.",
                "Add no binary file of more than 1 MiB, and write no NUL byte into a text file.",
                "Write no key, token or password into a file.",
                "Leave no conflict markers.",
                "Empty no file; delete one that is not needed any more.",
                "Changes to `*.orig` are discarded; do not rely on them.",
                "An attempt that changes nothing is rejected.",
            ])
        let lenient = GuardRules(
            tests: .allow, suppressions: .allow, conflictMarkers: .allow, secrets: .allow, leftovers: .allow,
            placeholders: .allow, emptiedFiles: .allow, symlinks: .allow, modes: .allow, submodules: .allow,
            gitAttributes: .allow, custom: [CustomGuard(name: "x", run: "true", rule: "Write no haiku.")])
        #expect(
            try GuardList(Self.stage(lenient)).inWords == [
                "Write no haiku.", "Change only the files of this task.",
                "Add no binary file of more than 1 MiB, and write no NUL byte into a text file.",
                "An attempt that changes nothing is rejected.",
            ])
    }
}
