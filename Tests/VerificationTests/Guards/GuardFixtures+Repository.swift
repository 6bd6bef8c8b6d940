import Git
import Jobs
import Model

extension GuardFixture {
    static let paths = [
        GuardFixture(
            key: "write", name: "a file of another task", files: [File("b.py", "x\n", "y\n")],
            rules: GuardRules(write: .taskFiles), places: ["b.py"]),
        GuardFixture(
            key: "write", name: "the task's own file", files: [File("a.py", "x\n", "y\n")],
            rules: GuardRules(write: .taskFiles)),
        GuardFixture(
            key: "forbid", name: "a forbidden path", files: [File(".github/ci.yml", "x\n", "y\n")],
            rules: GuardRules(write: .repository, forbid: [".github/**"]), places: [".github/ci.yml"]),
        GuardFixture(
            key: "forbid", name: "a path beside it", files: [File("github/ci.yml", "x\n", "y\n")],
            rules: GuardRules(write: .repository, forbid: [".github/**"])),
        GuardFixture(
            key: "max_changed_lines", name: "one line too many",
            files: [File("a.py", "x\n", "y\n"), File("b.py", "x\n", "y\n")],
            rules: GuardRules(write: .repository, maxChangedLines: 1), says: "2 changed lines"),
        GuardFixture(
            key: "max_changed_lines", name: "as many as allowed", files: [File("a.py", "x\n", "y\n")],
            rules: GuardRules(write: .repository, maxChangedLines: 1)),
        GuardFixture(
            key: "max_changed_files", name: "one file too many",
            files: [File("a.py", "x\n", "y\n"), File("b.py", "x\n", "y\n")],
            rules: GuardRules(write: .repository, maxChangedFiles: 1), says: "2 changed files"),
        GuardFixture(
            key: "max_changed_files", name: "as many as allowed", files: [File("a.py", "x\n", "y\n")],
            rules: GuardRules(write: .repository, maxChangedFiles: 1)),
        GuardFixture(
            key: "must_change", name: "a file of the task left as it was", files: [File("a.py", "x\n", "y\n")],
            rules: GuardRules(write: .repository, mustChange: true),
            task: MigrationTask(id: TaskID("t"), title: "t", files: ["a.py", "b.py"]), places: ["b.py"]),
        GuardFixture(
            key: "must_change", name: "one changed, one deleted",
            files: [File("a.py", "x\n", "y\n"), File("b.py", "x\n", nil)],
            rules: GuardRules(write: .repository, mustChange: true),
            task: MigrationTask(id: TaskID("t"), title: "t", files: ["a.py", "b.py"])),
    ]

    private static let large: [UInt8] = [0] + [UInt8](repeating: 7, count: 1 << 20)

    static let repository = [
        GuardFixture(
            key: "max_binary", name: "a new program", files: [File("tool", nil, large)], places: ["tool"], says: "1 MiB"
        ),
        GuardFixture(
            key: "max_binary", name: "text that became a binary", files: [File("a.txt", Array("x\n".utf8), large)],
            places: ["a.txt:1"]),
        GuardFixture(
            key: "max_binary", name: "a binary that was one before", files: [File("a.png", [0, 1], large)]),
        GuardFixture(key: "max_binary", name: "a small picture", files: [File("a.png", nil, [137, 80, 0, 1])]),
        GuardFixture(
            key: "max_binary", name: "a large text",
            files: [File("a.txt", nil, [UInt8](repeating: 0x61, count: 2 << 20))]),
        GuardFixture(
            key: "symlinks", name: "an absolute link", files: [File("x", nil, "/etc/passwd", newMode: .symbolicLink)],
            places: ["x"]),
        GuardFixture(
            key: "symlinks", name: "one step too far up",
            files: [File("a/x", nil, "b/../../../x", newMode: .symbolicLink)], places: ["a/x"]),
        GuardFixture(
            key: "symlinks", name: "into the repository's own folder",
            files: [File("a/x", nil, "../.git/hooks", newMode: .symbolicLink)], places: ["a/x"]),
        GuardFixture(
            key: "symlinks", name: "up and down again",
            files: [File("a/b/x", nil, "../../c/./y", newMode: .symbolicLink)]),
        GuardFixture(
            key: "symlinks", name: "a link that goes", files: [File("x", "/etc", nil, oldMode: .symbolicLink)]),
        GuardFixture(
            key: "modes", name: "made executable", files: [File("a.sh", "x\n", "x\n", newMode: .executable)],
            places: ["a.sh"], says: "is now an executable file"),
        GuardFixture(
            key: "modes", name: "a file that became a link", files: [File("a", "x\n", "b", newMode: .symbolicLink)],
            places: ["a"]),
        GuardFixture(
            key: "modes", name: "a new script", files: [File("a.sh", nil, "x\n", newMode: .executable)]),
        GuardFixture(
            key: "modes", name: "an edited script",
            files: [File("a.sh", "x\n", "y\n", oldMode: .executable, newMode: .executable)]),
        GuardFixture(
            key: "submodules", name: "another commit of a submodule",
            files: [File("lib", "x", "y", oldMode: .submodule, newMode: .submodule)], places: ["lib"]),
        GuardFixture(
            key: "submodules", name: "a repository of the worker", files: [File("lib", nil, "y", newMode: .submodule)],
            places: ["lib"]),
        GuardFixture(
            key: "submodules", name: "the list of submodules", files: [File(".gitmodules", "x\n", "y\n")],
            places: [".gitmodules"]),
        GuardFixture(key: "submodules", name: "a file beside one", files: [File("lib.c", "x\n", "y\n")]),
        GuardFixture(
            key: "git_attributes", name: "in a folder", files: [File("a/.gitattributes", nil, "* -text\n")],
            places: ["a/.gitattributes"]),
        GuardFixture(
            key: "git_attributes", name: "a task that is about it",
            files: [File(".gitattributes", "x\n", "* -text\n")],
            task: MigrationTask(id: TaskID("t"), title: "t", files: [".gitattributes"])),
    ]

    static let leftovers =
        [
            "a.py.orig", "src/a.py.rej", "a.bak", ".a.py.swp", "a.py~", ".aider.chat.history.md",
            ".claude/settings.json", "x/.codex/log", ".openhands/a/b",
        ].map {
            GuardFixture(
                key: "leftovers", name: "`\($0)`", files: [File($0, nil, "x\n")], places: [$0], says: "discard")
        } + [
            GuardFixture(key: "leftovers", name: "one that is tracked", files: [File("conf.bak", "x\n", "y\n")]),
            GuardFixture(key: "leftovers", name: "one that goes", files: [File("a.orig", "x\n", nil)]),
            GuardFixture(key: "leftovers", name: "a name that ends alike", files: [File("original.py", nil, "x\n")]),
            GuardFixture(
                key: "leftovers", name: "a file of the task", files: [File("a.bak", nil, "x\n")],
                task: MigrationTask(id: TaskID("t"), title: "t", files: ["a.bak"])),
        ]

    /// Put together here, so that no scanner takes this file for the place of a leak.
    private static func random(_ count: Int) -> String {
        let letters = Array("q7Rt2mZx9Kc4VbN8wLp3Hs6YfD1gJ5uAeToX0iCvBnMkQzWr")
        return String((0..<count).map { letters[$0 * 7 % letters.count] })
    }
    private static let github = "gh" + "p_" + random(36)
    private static let amazon = "AK" + "IA" + "QWERTZUIOP456789"
    private static let key =
        "-----BEGIN RSA PRIVATE" + " KEY-----\n" + random(64) + "\n" + random(64) + "\n-----END RSA PRIVATE KEY-----\n"

    static let secretValues = [
        GuardFixture(
            key: "secrets", name: "a value of the job's environment",
            files: [File("a.py", "x\n", "x\ny = 'hunter2hunter2'\n")],
            secrets: [.init(name: "API_TOKEN", value: "hunter2hunter2")], places: ["a.py:2"], says: "API_TOKEN"),
        GuardFixture(
            key: "secrets", name: "the same in a binary",
            files: [File("a.bin", nil, [0] + Array("hunter2hunter2".utf8))],
            secrets: [.init(name: "API_TOKEN", value: "hunter2hunter2")], places: ["a.bin:1"]),
        GuardFixture(
            key: "secrets", name: "a token of GitHub", files: [File("a.md", nil, "a\nb \(github)\n")],
            places: ["a.md:2"]),
        GuardFixture(
            key: "secrets", name: "a key of AWS in a test", files: [File("tests/a.py", nil, "k = '\(amazon)'\n")],
            places: ["tests/a.py:1"]),
        GuardFixture(key: "secrets", name: "a private key", files: [File("a.pem", nil, key)], places: ["a.pem:1"]),
        GuardFixture(
            key: "secrets", name: "random letters with a telling name",
            files: [File("a.py", nil, "config = {'api_key': '\(random(32))'}\n")], places: ["a.py:1"], says: "'api_key'"
        ),
        GuardFixture(
            key: "secrets", name: "the same without quotes",
            files: [File("prod.env", nil, "x=1\nDB_PASSWORD=\(random(24))\n")],
            places: ["prod.env:2"]),
        GuardFixture(
            key: "secrets", name: "a secret that was there", files: [File("a.md", "\(github)\n", "now: \(github)\n")]),
        GuardFixture(
            key: "secrets", name: "a secret that moved",
            files: [File("a.md", "\(github)\n", "\n"), File("b.md", "\n", "\(github)\n")]),
        GuardFixture(
            key: "secrets", name: "the key of AWS's own manual",
            files: [File("a.md", nil, "AKIA" + "IOSFODNN7EXAMPLE\n")]),
        GuardFixture(
            key: "secrets", name: "random letters with a harmless name",
            files: [File("a.py", nil, "integrity = '\(random(40))'\ntokenizer = '\(random(40))'\n")]),
        GuardFixture(
            key: "secrets", name: "words with a telling name",
            files: [
                File(
                    "a.py", nil,
                    "token_field = 'id_current_password_confirmation'\nsecret_name = 'projects/1/secrets/db'\n")
            ]),
        GuardFixture(
            key: "secrets", name: "a made up password in a test",
            files: [File("tests/a.py", nil, "password = '\(random(32))'\n")]),
        GuardFixture(
            key: "secrets", name: "code that reads keys",
            files: [File("a.py", nil, "if line == '-----BEGIN PRIVATE" + " KEY-----':\n    pass\n")]),
    ]
}
