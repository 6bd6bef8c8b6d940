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

    @Test func `the completion for bash has no errors and offers task names`() throws {
        let shop = try Workshop()
        try shop.repository.commit(["app.py": "old\n", "web.py": "old\n"])
        try shop.replacingPlan()
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath, "-q").status == 0)
        let script = try shop.orchestrate("--generate-completion-script", "bash")
        #expect(script.status == 0)
        try script.text.write(toFile: directory.appending("complete"), atomically: true, encoding: .utf8)
        let check = try run(
            "/bin/bash", ["-n", directory.appending("complete")], in: "/", environment: environment, input: [])
        #expect(check.status == 0, "\(check.errorText)")
        let ask = """
            source \(directory.appending("complete"))
            PATH=$(dirname \(Workshop.program)):$PATH
            COMP_WORDS=(orchestrate explain ''); COMP_CWORD=2; COMP_LINE='orchestrate explain '; COMP_POINT=20
            _orchestrate; printf '%s\\n' "${COMPREPLY[@]}"
            """
        let words = try run(
            "/bin/bash", ["-c", ask], in: shop.repository.path, environment: shop.environment, input: [])
        #expect(words.text.contains("app.py"), "\(words.text)\(words.errorText)")
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
