import Foundation
import Model
import Store
import TestSupport

/// A repository of small files, a plan, and the real programs in front of a model that answers by a script.
final class AgentWorkshop: Sendable {
    let directory: ScratchDirectory
    let repository: ScratchRepository
    let server: ScriptedModelServer
    private let programs: String

    /// Where `scripts/install-test-agents` has put the programs; nil where nobody says.
    static let installed = ProcessInfo.processInfo.environment["ORCHESTRATE_TEST_AGENTS"]

    static func has(_ program: String) -> Bool {
        installed.map { FileManager.default.isExecutableFile(atPath: "\($0)/bin/\(program)") } ?? false
    }

    /// What a sandbox has to show for the programs to run: them, and the Python that their environments were made from.
    static let readable: String = {
        guard let installed else { return "/" }
        let environments = ["aider", "gptme", "mini-swe-agent", "openhands", "simplejson/tools", "vibe"]
        let homes = environments.compactMap { name -> String? in
            let file = (try? String(contentsOfFile: "\(installed)/\(name)/pyvenv.cfg", encoding: .utf8)) ?? ""
            guard let line = file.split(separator: "\n").first(where: { $0.hasPrefix("home = ") }) else { return nil }
            return URL(fileURLWithPath: String(line.dropFirst(7))).deletingLastPathComponent().path
        }
        return ([installed] + Set(homes).sorted()).joined(separator: ", ")
    }()

    static var hasSimplejson: Bool {
        installed.map { FileManager.default.fileExists(atPath: "\($0)/simplejson/repository") } ?? false
    }

    /// - Parameters:
    ///   - numbers: files `shop/m01.py` and so on, each of which says "old".
    ///   - hanging: a program that stays after its end in the task of this file.
    init(files numbers: [Int], script: String, hanging: (program: String, file: String)? = nil) throws {
        directory = try ScratchDirectory("agents")
        repository = try ScratchRepository("target", in: directory)
        server = try ScriptedModelServer(script: script)
        var files: [String: String] = [:]
        for number in numbers { files[Self.file(number)] = "def f():\n    return \"old\"\n" }
        try repository.commit(files)
        programs = try directory.makeDirectory("bin")
        for program in try FileManager.default.contentsOfDirectory(atPath: "\(Self.installed ?? "")/bin") {
            try install(program, hangingIn: program == hanging?.program ? hanging?.file : nil)
        }
        try directory.makeDirectory("workers")
    }

    static func file(_ number: Int) -> String { "shop/m\(number < 10 ? "0" : "")\(number).py" }

    /// A link to the program, or a wrapper that outlives it in one task.
    private func install(_ program: String, hangingIn file: String?) throws {
        let real = "\(Self.installed ?? "")/bin/\(program)"
        let path = "\(programs)/\(program)"
        guard let file else {
            return try FileManager.default.createSymbolicLink(
                atPath: path, withDestinationPath: URL(fileURLWithPath: real).resolvingSymlinksInPath().path)
        }
        let task = file.replacing("/", with: "-")
        let script =
            "#!/bin/sh\n'\(real)' \"$@\"\nstatus=$?\n[ \"$ORCHESTRATE_TASK\" != \(task) ] || sleep 600\nexit $status\n"
        // Written by another process: a server that another test starts meanwhile would hold our file open for writing,
        // and then it cannot be run.
        let result = try run(
            "/bin/sh", ["-c", "cat >\"$0\" && chmod +x \"$0\"", path], in: "/", environment: [:],
            input: Array(script.utf8))
        if result.status != 0 { throw ScratchProcessFailure(command: ["cat", path], result: result) }
    }

    /// Puts a shipped worker beside the plan, with other limits and what else is given. It may reach the model only.
    ///
    /// - Parameter before: a line of its script that comes first.
    func worker(_ name: String, limits: String, more: String = "", before: String = "") throws {
        try ShippedWorker.put(name, in: directory) { line in
            if line.hasPrefix("limits:") { return "limits: \(limits)\n\(more)" }
            if line.hasPrefix("network:") { return "network: { hosts: [\"127.0.0.1:\(server.port)\"] }" }
            return line == "run: |" && !before.isEmpty ? "run: |\n  \(before)" : line
        }
    }

    /// Migrates all files with one worker, and returns what was printed.
    ///
    /// - Parameters:
    ///   - budget: of the ladder's step.
    ///   - extra: further keys of the plan.
    func migrate(
        _ worker: String, environment: [String], budget: String = "{}", extra: String = ""
    ) throws -> ScratchProcessResult {
        let plan = directory.appending("plan.yaml")
        try """
        version: 1
        name: demo
        goal: Say new instead of old.
        repository: \(repository.path)
        base: main
        sandbox: { read: [\(Self.readable)] }
        scope: { include: ["shop/*.py"] }
        workers:
          max_parallel: 4
          retry: resume
          ladder:
            - use: \(worker)
              network: { hosts: ["127.0.0.1:\(server.port)"] }
              budget: \(budget)
              environment: [\(environment.map { "\"\($0)\"" }.joined(separator: ", "))]
        verify:
          done: [{ run: "! grep -q old {file}" }]
        \(extra)
        """.write(toFile: plan, atomically: true, encoding: .utf8)
        try directory.makeDirectory("state")
        return try run(
            Self.program, ["migrate", "--plan", plan], in: directory.path,
            environment: [
                "PATH": "\(programs):/usr/local/bin:/usr/bin:/bin", "HOME": repository.home, "LC_ALL": "C.UTF-8",
                "XDG_STATE_HOME": directory.appending("state"), "COLUMNS": "100", "TZ": "UTC",
                "GIT_CONFIG_NOSYSTEM": "1", "ANTHROPIC_API_KEY": Self.key, "ANTHROPIC_BASE_URL": server.address,
                "CODEX_API_KEY": Self.key, "CODEX_BASE_URL": "\(server.address)/v1", "OPENAI_API_KEY": Self.key,
                "OPENAI_API_BASE": "\(server.address)/v1", "LLM_API_KEY": Self.key,
                "LLM_BASE_URL": "\(server.address)/v1", "MISTRAL_API_KEY": Self.key,
                "MISTRAL_BASE_URL": "\(server.address)/v1", "OPENAI_BASE_URL": "\(server.address)/v1",
                "ORCHESTRATE_BASE_URL": server.address,
            ], input: [])
    }

    static let key = "sk-scripted-0123456789"

    static let program = BuiltProgram.orchestrate

    /// What the program has recorded.
    func recorded() throws -> RecordedRun { try RecordedRun(below: directory.appending("state")) }

    /// The attempts at each file's task, in their order.
    func attempts() throws -> [String: [AttemptRecord]] { try recorded().attemptsByFile() }

    /// The texts of the lessons that were sent.
    func lessons() throws -> [String] {
        try recorded().read { try $0.messages(of: $1, kind: .lesson).map(\.message.body) }
    }

    /// All that has happened and was decided.
    func log() throws -> [LoggedEvent.Body] { try recorded().log() }

    /// A file of the job folder of an attempt at a file's task.
    func jobFile(_ name: String, of file: String, attempt: Int) throws -> String {
        try recorded().jobFile(name, of: file.replacing("/", with: "-"), attempt: attempt)
    }

    /// What the server billed for a file.
    func billed(_ file: String) throws -> Usage {
        try server.bills().filter { $0.label == file }.reduce(Usage(usd: 0)) { sum, bill in
            sum
                + Usage(
                    inputTokens: bill.input, cachedTokens: bill.cached, outputTokens: bill.output, usd: bill.usd)
        }
    }

    /// What the integration branch has of a file; nil if nothing landed.
    func landed(_ file: String) throws -> Bool {
        try repository.gitResult(["show", "orchestrate/demo:\(file)"]).text.contains("new")
    }
}
