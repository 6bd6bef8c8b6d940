import Foundation
import TestSupport
import Testing

/// A real project is migrated behind a codemod, behind Claude Code and behind the built-in agent, four tasks at a time:
/// the model's part is played by the script, so all three have to come to the same tree.
@Suite("simplejson behind agents", .ownThreads, .serialized, .enabled(if: AgentWorkshop.hasSimplejson))
struct SimplejsonTests {
    /// What is to be done to the files that the shell has as its arguments.
    private static let work =
        "pyupgrade --exit-zero-even-if-changed --py38-plus $@; "
        + "ruff check --isolated --no-cache -q --select UP --ignore UP031 --target-version py38 --fix --unsafe-fixes $@"

    private static func script(tool: String, done: String) -> String {
        let files = #"## Files [^\\n]+\\n\\n```text\\n(?<files>[^`]+)\\n```"#
        return """
            {"rules": [
              {"name": "work", "label": "${task}",
               "when": {"any": "# Task: (?<task>[^\\\\n]+).*\(files)", "last": "# Task: ", "tools": "\\\\b\(tool)\\\\b"},
               "call": [{"tool": "\(tool)", "arguments": {"command": "set -- $(echo '${files}'); \(work)"}}]},
              {"name": "done", "label": "${task}", "when": {"any": "# Task: (?<task>[^\\\\n]+)"}, \(done)}
            ]}
            """
    }

    /// The plan that comes along, with another ladder.
    private static func plan(step: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("plans/simplejson.yaml"), encoding: .utf8)
        let parts = text.components(separatedBy: "  ladder:\n")
        let rest = parts[1].components(separatedBy: "\nverify:\n")
        return parts[0] + "  ladder: [{ \(step) }]\n\nverify:\n"
            + rest[1] + "\nsandbox: { read: [\(AgentWorkshop.readable)] }\n"
    }

    @Test("Comes to the same tree as behind the codemod")
    func sameTree() throws {
        let codemod = try migrate(
            step: "run: 'set -- {files}; \(Self.work)'", script: #"{"rules": []}"#)
        let claude = try migrate(
            step: "use: claude-code, network: { hosts: [SERVER] }, environment: [ANTHROPIC_MODEL=claude-sonnet-4-5]",
            script: Self.script(tool: "Bash", done: #""say": "Done.""#))
        #expect(claude == codemod)
        let own = try migrate(
            step:
                "use: agent, network: { hosts: [SERVER] }, environment: [ORCHESTRATE_MODEL=scripted, ORCHESTRATE_BASE_URL]",
            script: Self.script(
                tool: "run", done: #""call": [{"tool": "done", "arguments": {"summary": "Done."}}]"#))
        #expect(own == codemod)
    }

    /// - Returns: the tree of the integration branch.
    private func migrate(step: String, script: String) throws -> String {
        let directory = try ScratchDirectory("simplejson")
        let server = try ScriptedModelServer(script: script)
        let installed = AgentWorkshop.installed ?? ""
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let repository = directory.appending("repository")
        let environment = [
            "PATH": "\(installed)/bin:\(installed)/simplejson/tools/bin:/usr/local/bin:/usr/bin:/bin",
            "HOME": try directory.makeDirectory("home"), "XDG_STATE_HOME": try directory.makeDirectory("state"),
            "LC_ALL": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1", "ANTHROPIC_API_KEY": AgentWorkshop.key,
            "ANTHROPIC_BASE_URL": server.address, "ORCHESTRATE_BASE_URL": server.address,
        ]
        func git(_ arguments: String...) throws -> String {
            try run("/usr/bin/env", ["git"] + arguments, in: directory.path, environment: environment, input: []).text
        }
        _ = try git("clone", "--quiet", "\(installed)/simplejson/repository", repository)
        try FileManager.default.createSymbolicLink(
            atPath: directory.appending("workers"), withDestinationPath: "\(root)/workers")
        let path = directory.appending("plan.yaml")
        try Self.plan(step: step).replacing("SERVER", with: "\"127.0.0.1:\(server.port)\"").write(
            toFile: path, atomically: true, encoding: .utf8)
        let result = try run(
            AgentWorkshop.program, ["migrate", "--plan", path, "--repo", repository], in: directory.path,
            environment: environment, input: [])
        #expect(result.status == 0, "\(result.text)\(result.errorText.suffix(3000))")
        return try git("-C", repository, "rev-parse", "orchestrate/simplejson^{tree}")
    }
}
