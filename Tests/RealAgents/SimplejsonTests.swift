import Foundation
import Model
import Store
import TestSupport
import Testing

/// A real project is migrated behind a codemod, behind Claude Code and behind the built-in agent, four tasks at a time and with
/// messages on: the model's part is played by the script, so all three have to come to the same tree.
@Suite("simplejson behind agents", .ownThreads, .serialized, .enabled(if: AgentWorkshop.hasSimplejson))
struct SimplejsonTests {
    /// What is to be done to the files that the shell has as its arguments.
    private static let work =
        "pyupgrade --exit-zero-even-if-changed --py38-plus $@; "
        + "ruff check --isolated --no-cache -q --select UP --ignore UP031 --target-version py38 --fix --unsafe-fixes $@"

    /// What every agent tells the others, after the name of its task.
    private static let lesson = "has no u'' prefix any more; pyupgrade took them all"

    private static func script(send: String, tool: String, done: String) -> String {
        let files = #"## Files [^\\n]+\\n\\n```text\\n(?<files>[^`]+)\\n```"#
        return """
            {"rules": [
              {"name": "work", "label": "${task}",
               "when": {"any": "# Task: (?<task>[^\\\\n]+).*\(files)", "last": "# Task: ", "tools": "\\\\b\(tool)\\\\b"},
               "call": [{"tool": "\(send)", "arguments": {"kind": "lesson", "body": "${task} \(lesson)"}},
                        {"tool": "\(tool)", "arguments": {"command": "set -- $(echo '${files}'); \(work)"}}]},
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
            + rest[1] + "\ncontext: { share: messages }\nsandbox: { read: [\(AgentWorkshop.readable)] }\n"
    }

    @Test func `comes to the same tree as behind the codemod`() throws {
        let codemod = try migrate(step: "run: 'set -- {files}; \(Self.work)'", script: #"{"rules": []}"#)
        #expect(codemod.senders.isEmpty)
        let claude = try migrate(
            step: "use: claude-code, network: { hosts: [SERVER] }, environment: [ANTHROPIC_MODEL=claude-sonnet-4-5]",
            script: Self.script(send: "mcp__orchestrate__send_message", tool: "Bash", done: #""say": "Done.""#))
        try compare(claude, with: codemod)
        let own = try migrate(
            step:
                "use: agent, network: { hosts: [SERVER] }, environment: [ORCHESTRATE_MODEL=scripted, ORCHESTRATE_BASE_URL]",
            script: Self.script(
                send: "send_message", tool: "run",
                done: #""call": [{"tool": "done", "arguments": {"summary": "Done."}}]"#))
        try compare(own, with: codemod)
    }

    /// The same tree; and every agent has sent its lesson, which those that began later were given.
    private func compare(_ run: Migrated, with codemod: Migrated) throws {
        #expect(run.tree == codemod.tree)
        #expect(run.workers > 4 && run.workers == codemod.workers)
        #expect(run.senders.count == run.workers && Set(run.senders).count == run.workers)
        let last = try #require(run.prompts.last)
        #expect(last.contains(Self.lesson), "\(last)")
        #expect(run.prompts.first?.contains(Self.lesson) == false)
    }

    private struct Migrated {
        /// Of the integration branch.
        var tree: String
        /// Tasks that a worker was started for.
        var workers: Int
        /// Tasks that have sent a lesson.
        var senders: [TaskID]
        /// Of the attempts with a worker, in the order in which they began.
        var prompts: [String]
    }

    private func migrate(step: String, script: String) throws -> Migrated {
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
        let tree = try git("-C", repository, "rev-parse", "orchestrate/simplejson^{tree}")
        return try migrated(tree, state: directory.appending("state/orchestrate"))
    }

    private func migrated(_ tree: String, state folder: String) throws -> Migrated {
        let state = "\(folder)/\(try FileManager.default.contentsOfDirectory(atPath: folder)[0])"
        return try StoreReader(path: "\(state)/state.sqlite").read { view in
            let run = try view.runs()[0].id
            let begun = try view.tasks(of: run).flatMap { task in
                try view.attempts(at: task.id, of: run).filter { $0.worker != nil }.map { (task.id, $0) }
            }.sorted { ($0.1.started, $0.0.rawValue) < ($1.1.started, $1.0.rawValue) }
            let prompts = try begun.map { task, attempt in
                try String(contentsOfFile: "\(state)/jobs/\(run)/\(task)/\(attempt.number)/prompt.md", encoding: .utf8)
            }
            let senders = try view.messages(of: run, kind: .lesson).compactMap { record -> TaskID? in
                guard case .task(let task) = record.message.sender else { return nil }
                return task
            }
            return Migrated(tree: tree, workers: begun.count, senders: senders, prompts: prompts)
        }
    }
}
