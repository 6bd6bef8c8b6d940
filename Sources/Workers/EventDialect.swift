package import Model

/// Reads the output of one kind of program.
///
/// Lines come one after the other as they are written. They may be anything: an unknown event, half a line of a program
/// that was killed, text of a model that looks like an event. A dialect takes what it knows and passes over the rest.
package protocol EventDialect: Sendable {
    /// - Parameter before: what an earlier process of the same conversation has told as used, for programs that go on
    ///   counting from there.
    init(before: Usage?)

    /// - Parameter line: without the line's end.
    /// - Returns: what it tells, in its order; empty for what is none of the program's events.
    mutating func read(_ line: [UInt8]) -> [WorkerEvent]

    /// Whether every proper end is told by `.finished`.
    static var tellsItsEnd: Bool { get }

    /// Whether two calls of a tool that are told alike are alike; some programs tell of an edit only where it was.
    func tellsWholeCalls(of tool: String) -> Bool
}

extension EventDialect {
    package func tellsWholeCalls(of tool: String) -> Bool { true }
}

extension Worker.Events {
    package var dialect: any EventDialect.Type {
        switch self {
        case .plain: PlainDialect.self
        case .claudeCode: ClaudeCodeDialect.self
        case .codex: CodexDialect.self
        case .gemini: GeminiDialect.self
        case .opencode: OpenCodeDialect.self
        case .openhands: OpenHandsDialect.self
        case .aider: AiderDialect.self
        case .miniSWEAgent: MiniSWEAgentDialect.self
        case .orchestrate: OrchestrateDialect.self
        }
    }
}
