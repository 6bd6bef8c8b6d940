import Foundation
import TestSupport
import Testing

/// A program that every task needs is looked for before the first worker starts.
@Suite(.ownThreads) struct MissingProgramTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var worker = "echo {task} >>$TRACE; sed -i s/old/new/ {files}"
        var landing = "test -d src"
        var words: String
        var key: String
    }

    private static let cases = [
        Case(
            testDescription: "a landing check", landing: "no-such-linter --all src",
            words: "check 'lint' needs the program 'no-such-linter', which was not found; nothing was started",
            key: "'verify: {environment: "),
        Case(
            testDescription: "a worker", worker: "echo {task} >>$TRACE && no-such-codemod {files}",
            words: "worker 'fix' needs the program 'no-such-codemod', which was not found; nothing was started",
            key: "'workers: {environment: "),
        Case(
            testDescription: "a program that a script of the repository starts", landing: "sh ./lint",
            words: "check 'lint' needs the program 'no-such-inner', which was not found; nothing was started",
            key: "'verify: {environment: "),
        Case(
            testDescription: "a program of the checkout that Git ignores", landing: "tools/own src",
            words: "check 'lint' needs the program 'tools/own', which was not found; nothing was started",
            key: "only if a step of 'setup' makes it, or if 'copy' names it"),
    ]

    private func shop(_ worker: String, _ landing: String, more: String = "") throws -> Workshop {
        let shop = try Workshop()
        try shop.repository.commit([
            "src/a.py": "old = 1\n", "lint": "no-such-inner src || exit 1\n", ".gitignore": "tools/\n",
        ])
        try shop.repository.write("tools/own", "#!/bin/sh\n", executable: true)
        try shop.plan(
            """
            scope: {include: ["src/*"]}
            workers: {environment: [TRACE], ladder: [{use: fix, run: "\(worker)"}]}
            verify: {landing: [{name: lint, run: "\(landing)"}]}
            \(more)
            """)
        return shop
    }

    @Test(arguments: cases) func `a missing program is one error before any worker is started`(one: Case) throws {
        let shop = try shop(one.worker, one.landing)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 3, "\(result.text)\(result.errorText)")
        #expect(result.errorText.contains("error: \(one.words)\n  hint: "), "\(result.errorText)")
        #expect(result.errorText.contains(one.key), "\(result.errorText)")
        #expect(result.errorText.components(separatedBy: "error:").count == 2)
        #expect(shop.traceLines().isEmpty)
        #expect(try shop.repository.git("branch", "--list", "orchestrate/*").isEmpty)
    }

    @Test func `a program outside of the sandbox is named with the key that shows it`() throws {
        let shop = try shop("sed -i s/old/new/ {files}", "true")
        let tool = shop.directory.appending("own/fix")
        try shop.directory.makeDirectory("own")
        #expect(
            FileManager.default.createFile(
                atPath: tool, contents: Data("#!/bin/sh\nsed -i s/old/new/ \"$@\"\n".utf8),
                attributes: [.posixPermissions: 0o755]))
        let plan = try String(contentsOfFile: shop.planPath, encoding: .utf8)
        func use(_ command: String) throws {
            try plan.replacingOccurrences(of: "sed -i s/old/new/ {files}", with: command).write(
                toFile: shop.planPath, atomically: true, encoding: .utf8)
        }
        try use("\(tool) {files}")
        let refused = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(refused.status == 3, "\(refused.text)\(refused.errorText)")
        #expect(refused.errorText.contains("worker 'fix' needs the program '\(tool)', which was not found"))
        #expect(
            refused.errorText.contains("'sandbox: {read: [\"\(shop.directory.appending("own"))\"]}'"),
            "\(refused.errorText)")
        // A script that an interpreter reads is found missing by the first worker, which says so.
        try use("sh \(tool) {files}")
        #expect(try shop.orchestrate("migrate", "--plan", shop.planPath).status == 1)
        let told = try shop.orchestrate("explain", "src/a.py").text
        #expect(
            told.contains("'\(tool)' is on this machine, but no job sees it: list it under sandbox.read"), "\(told)")
        #expect(!told.contains("<tmp>"))
    }

    @Test func `a program that a set-up step makes is not missing`() throws {
        let shop = try shop(
            "sed -i s/old/new/ {files}", "made-here src",
            more: """
                setup: [{run: "mkdir -p tools && printf '#!/bin/sh\\n! grep -q broken src/a.py' >tools/made-here && chmod +x tools/made-here"}]
                """)
        let plan = try String(contentsOfFile: shop.planPath, encoding: .utf8)
        try plan.replacingOccurrences(
            of: "verify: {", with: "verify: {environment: [\"PATH=tools:/usr/bin:/bin\"], "
        ).write(toFile: shop.planPath, atomically: true, encoding: .utf8)
        let result = try shop.orchestrate("migrate", "--plan", shop.planPath)
        #expect(result.status == 0, "\(result.text)\(result.errorText)")
        #expect(try shop.landed().count == 1)
    }

    @Test func `plan check names a program that is missing and a folder that has it`() throws {
        let shop = try shop("sed -i s/old/new/ {files}", "no-such-linter; own-tool src")
        let folder = "\(shop.repository.home)/.local/bin"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        #expect(
            FileManager.default.createFile(
                atPath: "\(folder)/own-tool", contents: Data("#!/bin/sh\n".utf8), attributes: [.posixPermissions: 0o755]
            ))
        let result = try shop.orchestrate("plan", "check", shop.planPath)
        #expect(result.status == 0, "\(result.errorText)")
        #expect(result.errorText.contains("check 'lint' needs the program 'own-tool'"), "\(result.errorText)")
        #expect(result.errorText.contains("it is in \(folder), which is not in PATH"), "\(result.errorText)")
        #expect(!result.errorText.contains("'no-such-linter', which"))
    }
}
