import Foundation
import Model
import Testing

@Suite struct CommandTemplateTests {
    private func expand(_ command: String, files: [String] = ["a.c", "b.c"]) throws -> [String] {
        try CommandTemplate(command).expand(files: files, task: TaskID("t-1"), job: "/jobs/1", prompt: "do it")
    }

    @Test(arguments: [
        ("true", ["true"]), ("x {files} y", ["x a.c b.c y"]), ("x {file}", ["x a.c", "x b.c"]),
        ("x --path={file} {task}", ["x --path=a.c t-1", "x --path=b.c t-1"]), ("x {job}/log", ["x /jobs/1/log"]),
        ("x {prompt}", ["x 'do it'"]), ("{files}", ["a.c b.c"]),
        ("x {file} {files}", ["x a.c a.c b.c", "x b.c a.c b.c"]),
    ])
    func `fills in`(_ command: String, _ expected: [String]) throws {
        #expect(try expand(command) == expected)
    }

    @Test(arguments: [
        "echo ${HOME} ${file}", "cp x.{c,h} y", "awk '{print $1}' x", "find . -exec rm {} +", "echo {1..3}",
        "a() { b; }", "git show stash@{0}", "docker ps --format '{{.ID}}'", "echo '{\"a\":{\"b\":1}}'", "echo \\{file}",
        "grep 'a\\{2\\}'", "${A:-${B}}", "echo # {file} {unknown}", "echo {{}}", "x {File} {file1} {fi-le}",
    ])
    func `leaves the shell its braces`(_ command: String) throws {
        let template = try CommandTemplate(command)
        #expect(template.placeholders.isEmpty)
        #expect(try template.expand(files: ["a"], task: TaskID("t")) == [command])
    }

    @Test(arguments: [
        ("awk '{{print}}' {file}", "awk '{print}' a.c"), ("echo {{file}} {file}", "echo {file} a.c"),
        ("echo '{{{name}}}'", "echo '{{name}}'"),
    ])
    func `doubled braces are text`(_ command: String, _ expected: String) throws {
        #expect(try expand(command, files: ["a.c"]) == [expected])
    }

    typealias Kind = CommandTemplateError.Problem.Kind

    @Test(arguments: [
        ("x {fiel}", 2, Kind.unknownPlaceholder("fiel")), ("awk '{print}'", 5, .unknownPlaceholder("print")),
        ("x '{file}'", 3, .insideQuotes(.file)), ("x \"a {files}\"", 5, .insideQuotes(.files)),
        ("sh -c 'x {file}'", 9, .insideQuotes(.file)), ("x \"$(y \"{file}\")\"", 8, .insideQuotes(.file)),
        ("x \"`y '{file}'`\"", 7, .insideQuotes(.file)), ("x \"\\\"{file}\"", 5, .insideQuotes(.file)),
        ("cat <<EOF\n{file}\nEOF", 10, .insideHereDocument(.file)),
        ("cat <<-'END'\n\tit's\n\tEND\nx '{file}'", 27, .insideQuotes(.file)), (" \n", 0, .empty),
    ])
    func `a command that cannot be expanded is refused`(_ command: String, _ position: Int, _ kind: Kind) {
        let problem = CommandTemplateError.Problem(position: position, kind: kind)
        #expect(throws: CommandTemplateError(command: command, problems: [problem])) { try CommandTemplate(command) }
    }

    @Test(arguments: [
        "x \"$(y {file})\"", "x \"`y {file}`\"", "# don't\nx {file}", "echo it\\'s {file}", "x 'a' {file} \"b\"",
        "x \"$(y \"z\") $( (a) {file})\"", "cat <<EOF\nit's\nEOF\nx {file}", "cat <<A <<B\n'\nA\n'\nB\nx {file}",
        "echo $((1<<2))\nx {file}", "cat <<<a\nx {file}", "echo a#'b' {file}",
    ])
    func `sees where quotes end`(_ command: String) throws {
        #expect(try CommandTemplate(command).placeholders == [.file])
    }

    @Test func `refuses what is too long as it is`() {
        let command = String(repeating: "{", count: 1_000_000)
        let problem = CommandTemplateError.Problem(position: 0, kind: .tooLong(bytes: 1_000_000))
        #expect(throws: CommandTemplateError(command: command, problems: [problem])) { try CommandTemplate(command) }
    }

    @Test func `finds every problem`() {
        let error = #expect(throws: CommandTemplateError.self) { try CommandTemplate("{a} '{file}' {b}") }
        #expect(error?.problems.map(\.position) == [0, 5, 13])
    }

    @Test func `no files give no command`() throws {
        #expect(try expand("format {files}", files: []) == [])
        #expect(try expand("format {file}", files: []) == [])
        #expect(try expand("make test", files: []) == ["make test"])
    }

    @Test func `tests are filled in or the check is left out`() throws {
        let template = try CommandTemplate("pytest {affected_tests} --of={files}")
        #expect(
            try template.expand(files: ["a"], task: TaskID("t"), tests: ["t/x y.py", "-t"])
                == ["pytest 't/x y.py' ./-t --of=a"])
        #expect(try template.expand(files: ["a"], task: TaskID("t")) == [])
        #expect(try template.expand(files: ["a"], task: TaskID("t"), needsTests: false) == ["pytest  --of=a"])
    }

    @Test func `says what cannot be written out`() throws {
        let template = try CommandTemplate("x {files}")
        let files = (0..<2000).map { "\(String(repeating: "d", count: 100))/\($0)" }
        #expect(throws: CommandExpansionError.tooLong(bytes: 210_891, command: "x {files}")) {
            try template.expand(files: files, task: TaskID("t"))
        }
        #expect(throws: CommandExpansionError.zeroByte(command: "x {files}")) {
            try template.expand(files: ["a\0b"], task: TaskID("t"))
        }
        #expect(throws: CommandExpansionError.missing(.job, command: "x {job}")) {
            try CommandTemplate("x {job}").expand(files: [], task: TaskID("t"))
        }
    }

    /// A command of exactly the limit is one that the system takes, and one more byte is refused here.
    @Test func `the limit is that of the system`() throws {
        let template = try CommandTemplate(": {prompt}")
        let prompt = String(repeating: "x", count: CommandTemplate.maximumLength - 2)
        let commands = try template.expand(files: [], task: TaskID("t"), prompt: prompt)
        #expect(try run(commands[0]) == "")
        #expect(throws: CommandExpansionError.self) {
            try template.expand(files: [], task: TaskID("t"), prompt: prompt + "x")
        }
    }

    /// What the shell hands to the program is, byte for byte, what was filled in.
    @Test func `every name reaches the program unchanged`() throws {
        let names = [
            "plain.c", "a b", "it's", "\"q\"", "$HOME", "`id`", "$(id)", "a\nb", "\n", "\\", "*", "~", "#x", "é😀",
            ";ls", "'",
            "''", "a'b'c", "!x", "{a,b}", "=x", "a\tb", "\u{1}\u{7F}", "a\r\nb",
        ]
        let command = try CommandTemplate("printf '%s\\0' {files}").expand(files: names, task: TaskID("t"))
        #expect(try run(command[0]) == names.map { $0 + "\0" }.joined())
    }

    @Test func `no name is an option`() throws {
        #expect(try expand("cat {file}", files: ["-rf"]) == ["cat ./-rf"])
        #expect(try expand("cat {files}", files: ["--x y", "b"]) == ["cat './--x y' b"])
    }

    private func run(_ command: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        process.environment = ["PATH": "/usr/bin:/bin"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self)
    }
}
