import Git
import Jobs
import Model
import Testing

@testable import Verification

/// The parts of guards, each by itself.
@Suite struct GuardPartTests {
    private let one = ObjectID(hex: String(repeating: "a", count: 40))
    private let two = ObjectID(hex: String(repeating: "b", count: 40))

    private func diff(
        _ changes: [FileChange], files: [String] = [], blob: GuardList.BlobSource? = nil
    ) -> AttemptDiff {
        AttemptDiff(changes, of: MigrationTask(id: TaskID("t"), title: "t", files: files), blob: blob)
    }

    private func change(
        _ path: String, _ status: FileChange.Status = .modified, old: FileMode? = .regular, new: FileMode? = .regular,
        added: Int = 0, removed: Int = 0, isBinary: Bool = false
    ) -> FileChange {
        FileChange(
            path: path, status: status, oldMode: old, newMode: new, oldID: old == nil ? nil : one,
            newID: new == nil ? nil : two, added: added, removed: removed, isBinary: isBinary)
    }

    @Test func `a limit of size allows as much and no more`() {
        let changes = [change("a", added: 3, removed: 1), change("b", added: 2)]
        #expect(SizeGuard(mostLines: 6, mostFiles: 2).objections(to: diff(changes)).isEmpty)
        #expect(
            SizeGuard(mostLines: 5, mostFiles: nil).objections(to: diff(changes)).map(\.reason)
                == ["6 changed lines are more than the 5 allowed; most of them, 4, are in a"])
        #expect(
            SizeGuard(mostLines: nil, mostFiles: 1).objections(to: diff(changes)).map(\.reason)
                == ["2 changed files are more than the 1 allowed"])
        #expect(SizeGuard(mostLines: nil, mostFiles: nil).rule == "")
        #expect(SizeGuard(mostLines: 5, mostFiles: nil).rule == "Change at most 5 lines, added plus removed.")
        #expect(SizeGuard(mostLines: nil, mostFiles: 5).rule == "Change at most 5 files.")
        #expect(
            SizeGuard(mostLines: 5, mostFiles: 2).rule == "Change at most 2 files and 5 lines, added plus removed.")
    }

    @Test func `a new binary may be so large`() {
        func objections(_ size: Int, old: [UInt8]? = nil) -> [String] {
            let change = change("a", old: old == nil ? nil : .regular, isBinary: true)
            let one = one
            return BinaryGuard(mostBytes: 2048).objections(
                to: diff([change]) { id in id == one ? old ?? [] : [UInt8](repeating: 0, count: size) }
            ).map(\.reason)
        }
        #expect(objections(2048) == [])
        #expect(objections(2049) == ["is a new binary of 2 KiB, more than the 2 KiB allowed"])
        #expect(objections(2049, old: [0]) == [])
        #expect(objections(2049, old: Array("text".utf8)).count == 1)
        #expect(BinaryGuard(mostBytes: 1023).rule.hasPrefix("Add no binary file of more than 1023 bytes, "))
        #expect(BinaryGuard(mostBytes: 1024).rule.hasPrefix("Add no binary file of more than 1 KiB, "))
        #expect(BinaryGuard(mostBytes: 1 << 20).rule.hasPrefix("Add no binary file of more than 1 MiB, "))
    }

    @Test(arguments: [
        ("/etc", "a", true), ("~/x", "a", true), ("..", "a", true), ("../x", "a", true), ("../x", "d/a", false),
        ("../../x", "d/a", true), ("x/../../y", "a", true), ("x/../y", "a", false), ("./x", "a", false),
        (".git/config", "a", true), ("../.git/x", "d/a", true), ("x/.git", "a", false), ("y", "a", false),
    ]) func `a link may stay inside the repository`(target: String, path: String, leaves: Bool) {
        #expect(SymlinkGuard.leaves(target, from: path) == leaves)
    }

    @Test(arguments: [
        ("a.orig", true), ("d/a.rej", true), ("a.bak", true), ("a.swp", true), (".a.swo", true), ("a~", true),
        (".orig", false), ("~", false), ("original", false), (".aider.chat", true), (".claude/x", true),
        ("d/.codex/x/y", true), (".claude", false), ("a.aider", false), ("orig/a", false),
    ]) func `leftovers are told by their names`(path: String, isLeftover: Bool) {
        #expect(LeftoverGuard.isLeftover(path) == isLeftover)
    }

    @Test func `a leftover is new and is not a file of the task`() {
        #expect(LeftoverGuard().objections(to: diff([change("a.bak", .added)])).map(\.path) == ["a.bak"])
        #expect(LeftoverGuard().objections(to: diff([change("a.bak", .modified)])).isEmpty)
        #expect(LeftoverGuard().objections(to: diff([change("a.bak", .added)], files: ["a.bak"])).isEmpty)
    }

    @Test func `each kind of submodule change has its own words`() {
        let reasons = SubmoduleGuard().objections(
            to: diff([
                change("a", old: .submodule, new: .submodule), change("b", old: nil, new: .submodule),
                change("c", old: .submodule, new: nil), change("d/.gitmodules"), change("e"),
            ])
        ).map { "\($0.path ?? "") \($0.reason)" }
        #expect(
            reasons == [
                "a is a submodule and must not be changed", "b is a nested repository; its files would be lost",
                "c is a submodule and must not be changed",
                "d/.gitmodules defines the submodules and must not be changed",
            ])
        #expect(SubmoduleGuard().objections(to: diff([change(".gitmodules")], files: [".gitmodules"])).isEmpty)
    }

    @Test func `a change of mode is told in words`() {
        let changes = [
            change("a", new: .executable), change("b", old: .executable, new: .symbolicLink), change("c"),
            change("d", old: .submodule), change("e", new: .submodule), change("f", new: nil), change("g", old: nil),
        ]
        #expect(
            ModeGuard().objections(to: diff(changes)).map(\.reason) == [
                "was a plain file and is now an executable file", "was an executable file and is now a symbolic link",
            ])
    }

    @Test func `files of the task that were not changed are named`() {
        #expect(
            MustChangeGuard().objections(to: diff([change("a"), change("x")], files: ["a", "b", "c"])).map(\.path)
                == ["b", "c"])
    }

    @Test func `attributes may be changed by a task about them alone`() {
        #expect(AttributesGuard().objections(to: diff([change("d/.gitattributes")])).count == 1)
        #expect(AttributesGuard().objections(to: diff([change("gitattributes"), change("x.gitattributes")])).isEmpty)
        #expect(
            AttributesGuard().objections(to: diff([change(".gitattributes")], files: [".gitattributes"])).isEmpty)
    }

    @Test func `conflict markers have seven marks at the start of a line`() {
        func markers(_ text: String) -> ConflictMarkerGuard.Markers {
            ConflictMarkerGuard.markers(Array(text.utf8))
        }
        let all = markers("x\n<<<<<<< a\n=======\n>>>>>>> b\n<<<<<<<\n=======\r\n=======")
        #expect(all.opening == [2] && all.closing == [4] && all.middle == 3)
        let none = markers(" <<<<<<< a\n<<<<<< a\n<<<<<<<< a\n======\n======= a\n>>>>>>>x")
        #expect(none.opening.isEmpty && none.closing.isEmpty && none.middle == 0)
        #expect(markers("").opening.isEmpty)
    }

    @Test(arguments: [
        ("tests/a.c", true), ("a/test/b.c", true), ("AppTests/x.swift", true), ("__tests__/a.js", true),
        ("test_a.py", true), ("a_test.go", true), ("a.test.ts", true), ("a.spec.ts", true), ("FooTest.java", true),
        ("FooIT.java", true), ("conftest.py", true), ("test.js", true), ("testing_x.py", true), ("a-test.js", true),
        ("testament.c", false), ("src/latest.py", false), ("contest.py", false), ("tests", true),
        ("a/attest.rs", false),
        ("protest/a.c", false),
    ]) func `paths of tests are told by their names`(path: String, isTest: Bool) {
        #expect(TestPath.matches(path) == isTest)
    }

    @Test(arguments: [
        ("testFooBar", "foobar"), ("test_foo_bar", "foobar"), ("fooBar", "foobar"), ("test", "test"),
        ("Tests 1", "s1"), ("testA", "a"),
    ]) func `a test has one key in every style`(name: String, key: String) {
        #expect(TestFunction(name: name, line: 1).key == key)
    }

    @Test(arguments: [
        ("API_KEY", true), ("apiKey", true), ("dbPassword", true), ("DB-PASSWD", true), ("access_key_id", true),
        ("secret", true), ("tokenizer", false), ("author", false), ("keyboard", false), ("key", false),
        ("api_base_key", false), ("privateKey", true), ("credentials", true),
    ]) func `names tell that a value is secret`(name: String, isTelling: Bool) {
        #expect(NamedSecrets.isTelling(name) == isTelling)
    }

    private func secrets(_ text: String, isSource: Bool = false) -> [String] {
        NamedSecrets(Array(text.utf8), isSource: isSource).found.map { "\($0.name)@\($0.offset)" }
    }

    @Test func `a secret is a random value with a telling name`() {
        let value = "q8Zr2LmX9vTc4WnB7yKd"
        #expect(secrets("token = \"\(value)\"") == ["token@9"])
        #expect(secrets("'token': '\(value)'") == ["token@10"])
        #expect(secrets("token => '\(value)'") == ["token@10"])
        #expect(secrets("token: \(value)\n") == ["token@7"])
        #expect(secrets("token=\(value)") == ["token@6"])
        #expect(secrets("token: \(value)", isSource: true) == [])
        #expect(secrets("name = \"\(value)\"") == [])
        #expect(secrets("token = \"\(value.lowercased())\"") == [])
        #expect(secrets("token = \"\(value.dropLast())\"") == [])
        #expect(secrets("token = \"example\(value)\"") == [])
        #expect(secrets("token \"\(value)\"") == [])
        #expect(secrets("token = \"9f3a7c1e5b8d2064f7a1c3e95d0b8246\"") == ["token@9"])
        #expect(secrets("token = \"9f3a7c1e5b8d2064f7a1c3e95d0b824\"") == [])
        #expect(secrets("token = \"aaaaaaaaaaaaaaaaaaaaaaaaaaaa1234\"") == [])
        #expect(secrets("token = \"\(String(repeating: value, count: 11))\"") == [])
    }

    private func keys(_ text: String, secrets: [JobEnvironment.Secret] = [], isBinary: Bool = false) -> [String] {
        SecretSearch(
            FileVersion(path: "a.txt", bytes: Array(text.utf8)), secrets: secrets, isBinary: isBinary
        ).found.map { "\($0.what)@\($0.offset)" }
    }

    @Test func `keys of providers are told by start and length`() {
        let rest = "q8Zr2LmX9vTc4WnB7yKdq8Zr2LmX9vTc4WnB7yKd"
        #expect(keys("x AKIA" + "Q8ZR2LMX9VTC4WNB y") == ["looks like an access key of AWS@2"])
        #expect(keys("AKIA" + "Q8ZR2LMX9VTC4WNBB") == [])
        #expect(keys("AKIA" + "Q8ZR2LMX9VTC4WN") == [])
        #expect(keys("gh" + "p_" + rest.prefix(36)) == ["looks like a token of GitHub@0"])
        #expect(keys("gh" + "p_" + rest.prefix(35)) == [])
        #expect(keys("xgh" + "p_" + rest.prefix(36)) == [])
        #expect(keys("gh" + "p_" + "example" + rest) == [])
        #expect(keys("gh" + "p_" + rest.prefix(36), isBinary: true) == [])
    }

    @Test func `a private key is a header with a body`() {
        let body = String(repeating: "MIIEvQIBADANBgkq\n", count: 8)
        let header = "-----BEGIN RSA PRIVATE" + " KEY-----"
        #expect(keys("x\n\(header)\n\(body)-----END") == ["starts a private key@2"])
        #expect(keys("\(header)\n\(String(body.prefix(50)))-----END") == [])
        #expect(keys("-----END RSA PRIVATE" + " KEY-----\n\(body)") == [])
    }

    @Test func `values of secret variables are found anywhere, binaries included`() {
        let secret = JobEnvironment.Secret(name: "KEY", value: "hunter2hunter2")
        for isBinary in [false, true] {
            #expect(
                keys("ab hunter2hunter2 hunter2hunter2", secrets: [secret], isBinary: isBinary)
                    == ["is the value of the secret variable KEY@3"])
        }
        #expect(keys("hunter2hunter", secrets: [secret]) == [])
        #expect(keys("hunter2hunter2", secrets: [.init(name: "E", value: ""), secret]).count == 1)
    }

    @Test func `globs are listed in a sentence`() {
        #expect(GlobWords.list([]) == "nothing")
        #expect(GlobWords.list(["a"]) == "`a`")
        #expect(GlobWords.list(["a", "b"]) == "`a` and `b`")
        #expect(GlobWords.list(["a", "b", "c"]) == "`a`, `b` and `c`")
    }

    @Test func `a failure leads with the first objection and counts the others`() {
        #expect(GuardList.failure([]) == nil)
        let single = GuardList.failure([Objection(path: "a", line: 3, reason: "is bad")])
        #expect(single?.summary == "a:3: is bad")
        #expect(single?.detail == "a:3: is bad")
        let more = GuardList.failure([Objection(reason: "too large"), Objection(path: "a", reason: "is bad")])
        #expect(more?.summary == "too large, and 1 more")
        #expect(more?.detail == "too large\na: is bad")
        #expect(more?.places == ["a"])
        let twenty = GuardList.failure((0..<20).map { Objection(path: "\($0)", reason: "x") })
        #expect(twenty?.detail.split(separator: "\n").count == 20)
    }

    @Test(arguments: [
        ("... existing code ...", true), ("rest of the file unchanged", true), ("code omitted for brevity", true),
        ("existing code", false), ("...", false), ("rest unchanged", true), ("the rest of the story ...", false),
        ("rest of the file", false), ("unchanged", false), ("omitted", false),
        (String(repeating: "rest ", count: 13) + "...", false), (String(repeating: "rest ", count: 12) + "...", true),
    ]) func `a placeholder says that code stays, and nothing else`(comment: String, isPlaceholder: Bool) {
        #expect(PlaceholderText.matches(comment) == isPlaceholder)
    }

    @Test func `placeholders of unknown languages start like a comment`() {
        func lines(_ text: String, _ path: String = "a.conf") -> [Int] {
            PlaceholderText.marks(in: Array(text.utf8), path: path).map(\.line)
        }
        #expect(lines("x\n# ... rest unchanged ...\n; ... rest unchanged ...\n") == [2, 3])
        #expect(lines("x ... rest unchanged ...\n") == [])
        #expect(lines("#... rest unchanged ...\n") == [])
        #expect(lines("# ... rest unchanged ...\n<!-- ... rest unchanged ... -->\n", "a.md") == [2])
    }
}
