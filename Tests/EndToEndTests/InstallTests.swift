import Foundation
import TestSupport
import Testing

/// `scripts/install` with the built program.
@Suite(.ownThreads) struct InstallTests {
    private let directory: ScratchDirectory

    init() throws { directory = try ScratchDirectory("install") }

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    private var environment: [String: String] {
        [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": directory.appending("home"),
            "LC_ALL": "C.UTF-8",
        ]
    }

    private func install(_ arguments: String...) throws -> ScratchProcessResult {
        try run(
            "\(Self.root)/scripts/install", arguments, in: directory.path, environment: environment, input: [])
    }

    private func files(below prefix: String) throws -> [String] {
        let folder = directory.appending(prefix)
        return try FileManager.default.subpathsOfDirectory(atPath: folder).filter { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: "\(folder)/\(path)", isDirectory: &isFolder)
                && !isFolder.boolValue
        }
    }

    @Test func `everything is installed below the prefix and can be removed`() throws {
        let result = try install("--prefix", "prefix", "--program", Workshop.program)
        #expect(result.status == 0, "\(result.errorText)")
        #expect(result.text.contains("note: \(directory.path)/prefix/bin is not in PATH"))
        let files = try files(below: "prefix")
        for file in [
            "bin/orchestrate", "share/orchestrate/workers/replace/worker.yaml",
            "share/bash-completion/completions/orchestrate", "share/zsh/site-functions/_orchestrate",
            "share/fish/vendor_completions.d/orchestrate.fish", "share/man/man1/orchestrate.1",
        ] {
            #expect(files.contains(file), "\(file)")
        }
        let program = directory.appending("prefix/bin/orchestrate")
        let workers = try run(program, ["workers"], in: "/", environment: environment, input: [])
        #expect(workers.text.contains("typing-regex"))
        // What a person has put there stays.
        try "mine".write(
            toFile: directory.appending("prefix/share/orchestrate/mine"), atomically: true, encoding: .utf8)
        #expect(try install("--prefix", "prefix", "--uninstall").status == 0)
        #expect(try self.files(below: "prefix") == ["share/orchestrate/mine"])
        let again = try install("--prefix", "prefix", "--uninstall")
        #expect(again.status == 1 && again.errorText.contains("nothing is installed in"))
    }

    @Test func `an unknown option is refused`() throws {
        #expect(try install("--prefx", "x").status == 64)
        #expect(try install("--prefix").status == 64)
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func `the completion for a shell has no errors`(_ shell: String) throws {
        let script = try run(
            Workshop.program, ["--generate-completion-script", shell], in: "/", environment: environment, input: [])
        try script.text.write(toFile: directory.appending("complete"), atomically: true, encoding: .utf8)
        let check = try run(
            "/bin/sh",
            ["-c", "command -v \(shell) >/dev/null || exit 77; \(shell) -n '\(directory.appending("complete"))'"],
            in: "/",
            environment: environment, input: [])
        if check.status == 77 { return print("skipped: \(shell) is not installed") }
        #expect(check.status == 0 && check.errorText.isEmpty, "\(check.errorText)")
    }

    @Test func `bash completes the names and the files of tasks, and workers`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["app/a.py": "old\n", "web.py": "old\n"])
        try shop.replacingPlan()
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath, "-q").status == 0)
        let script = try shop.orchestrate("--generate-completion-script", "bash")
        #expect(script.status == 0)
        try script.text.write(toFile: directory.appending("complete"), atomically: true, encoding: .utf8)
        try shop.repository.write(
            ".orchestrate/workers/fixer/worker.yaml", "version: 1\nname: fixer\nrun: \"true\"\n")
        /// Returns what the shell offers after a line that is typed in.
        func offers(_ line: String) throws -> [String] {
            let ask = """
                source \(directory.appending("complete"))
                PATH=$(dirname \(Workshop.program)):$PATH
                COMP_LINE=$1; COMP_POINT=${#1}; COMP_WORDS=($1)
                case $1 in *' ') COMP_WORDS+=('') ;; esac
                COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                _orchestrate orchestrate "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"; printf '%s\\n' "${COMPREPLY[@]}"
                """
            let words = try run(
                "/bin/bash", ["-c", ask, "bash", line], in: shop.repository.path, environment: shop.environment,
                input: [])
            return words.text.split(separator: "\n").map(String.init).sorted()
        }
        #expect(try offers("orchestrate explain ") == ["app-a.py", "web.py"])
        #expect(try offers("orchestrate log w") == ["web.py"])
        #expect(try offers("orchestrate retry app/") == ["app/a.py"])
        #expect(try offers("orchestrate retry web.py --worker fi") == ["fixer"])
    }

    @Test func `the manual page describes every command`() throws {
        let page = try run(Workshop.program, ["manual"], in: "/", environment: environment, input: []).text
        #expect(page.hasPrefix(".TH ORCHESTRATE 1"))
        for command in ["init", "migrate", "plan check", "explain", "doctor"] {
            #expect(page.contains("\n.SS orchestrate \(command)\n"), "\(command)")
        }
        #expect(!page.contains(".SS orchestrate manual"))
    }

    @Test func `a task is named by its number, and by the start of its name`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["app.py": "old\n", "web.py": "old\n"])
        try shop.replacingPlan()
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath, "-q").status == 0)
        for verb in ["explain", "log", "review", "prompt"] {
            for word in ["2", "w"] {
                let result = try shop.orchestrate(verb, word)
                #expect(result.status == 0 && result.text.contains("web.py"), "\(verb) \(word): \(result.errorText)")
            }
        }
        #expect(try shop.orchestrate("retry", "nothing").status == 64)
    }
}
