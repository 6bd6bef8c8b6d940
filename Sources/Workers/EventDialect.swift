package import Model

/// A reader for the output of one kind of program.
///
/// It receives the lines in order. They may be anything: an unknown event, half a line of a killed program, or text of
/// a
/// model that looks like an event. A dialect ignores what it does not know.
package protocol EventDialect: Sendable {
    /// - Parameter before: usage reported by an earlier process of the same conversation, for programs that continue
    ///   its
    ///   count.
    init(before: Usage?)

    /// - Parameter line: one line without its newline.
    /// - Returns: the events in order; empty for a line that is not an event.
    mutating func read(_ line: [UInt8]) -> [WorkerEvent]

    /// Whether the program always reports its end. Then a missing `.finished` means failure.
    static var tellsItsEnd: Bool { get }

    /// Whether two reported calls of a tool are equal if they look equal. Some programs report only the path of an
    /// edit.
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
        case .vibe: VibeDialect.self
        case .gptme: GptmeDialect.self
        case .orchestrate: OrchestrateDialect.self
        }
    }
}
