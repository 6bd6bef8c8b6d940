import Foundation
import Jobs
import Model
import ModelAPI
import Synchronization
import TestSupport

@testable import Agent

/// A checkout, a job folder, and the built-in agent on them with a model that a test scripts.
final class Bench: Sendable {
    let repository: ScratchRepository
    let folder: JobFolder
    private let lines = Mutex<[String]>([])

    init() throws {
        repository = try ScratchRepository("checkout")
        try repository.write("a.py", "old = 1\nold = 1\nx = old\n")
        try repository.write("src/b.py", "import a\n")
        try repository.git("add", "-A")
        try repository.git("commit", "-qm", "first")
        let job = try repository.directory.makeDirectory("job")
        for name in ["inbox", "outbox"] { try repository.directory.makeDirectory("job/\(name)") }
        folder = JobFolder(existing: job)
    }

    var environment: [String: String] {
        [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": repository.home,
            "OPENAI_API_KEY": "sk-secret-1234", "SEEN": "yes",
        ]
    }

    var agent: BuiltInAgent {
        BuiltInAgent(
            folder: folder, checkout: repository.path, environment: environment, secrets: ["OPENAI_API_KEY"])
    }

    func run(
        _ source: ScriptedSource, limits: AgentLimits = AgentLimits(), prices: PriceTable? = nil
    ) async -> AgentReport {
        await agent.run(
            prompt: "Say new instead of old.", source: source, limits: limits, prices: prices,
            events: EventLines(now: { 0 }) { line in self.lines.withLock { $0.append(line) } })
    }

    /// The events, without times that differ from run to run.
    var events: [JSON] {
        lines.withLock { $0 }.compactMap { JSON(parsing: $0) }.map { event in
            var members = event.object ?? [:]
            members["seconds"] = nil
            return .object(members)
        }
    }

    func names() -> [String] { events.compactMap { $0["event"]?.string } }

    func text(_ path: String) throws -> String {
        try String(contentsOfFile: repository.appending(path), encoding: .utf8)
    }

    var outcome: JSON? {
        (try? Data(contentsOf: URL(fileURLWithPath: folder.outcome))).flatMap { JSON(parsing: Array($0)) }
    }

    /// What the model was told of its calls, in the last request.
    static func results(_ source: ScriptedSource) -> [ToolResult] {
        (source.received.last?.messages ?? []).flatMap(\.parts).compactMap {
            if case .toolResult(let result) = $0 { result } else { nil }
        }
    }
}
