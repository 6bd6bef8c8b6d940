import TestSupport

extension Workshop {
    /// A plan with the built-in agent in front of a scripted model. The shipped worker is put beside it.
    ///
    /// - Parameters:
    ///   - workers: a line of `workers`.
    ///   - step: lines of the ladder's step.
    ///   - environment: of the step, besides the model's address.
    ///   - more: further steps of the ladder, indented by four, or keys of the plan.
    func agentPlan(
        _ server: ScriptedModelServer, dialect: String = "anthropic", workers: String = "max_parallel: 2",
        step: String = "attempts: 2", environment: [String] = [], more: String = ""
    ) throws {
        try ShippedWorker.put("agent", in: directory)
        let base = dialect == "anthropic" ? server.address : "\(server.address)/v1"
        let variables =
            ["ORCHESTRATE_DIALECT=\(dialect)", "ORCHESTRATE_BASE_URL=\(base)", "ORCHESTRATE_MODEL=scripted"]
            + environment
        try plan(
            """
            scope: { include: ["**/*.py"] }
            workers:
              \(workers)
              ladder:
                - use: agent
            \(Self.indented(step, by: 6))
                  environment: [\(variables.map { "\"\($0)\"" }.joined(separator: ", "))]
            \(more)
            verify:
              done: [{ run: "! grep -q old {file}" }]
            """)
    }

    /// A plan with one worker at a time that prints events, replaces `old` by `new` in its files, and prints its end.
    ///
    /// - Parameters:
    ///   - before: lines of the worker's script before it changes its files.
    ///   - after: lines after that.
    ///   - step: lines of the ladder's step.
    ///   - more: further keys of the plan.
    func tellingPlan(
        _ before: String, after: String = "", files: String = "*.py", step: String = "attempts: 1", more: String = "",
        name: String = "demo"
    ) throws {
        let script = [
            before, "sed -i s/old/new/ {files}", after, #"echo '{"event": "finished", "result": "success"}'"#,
        ]
        try plan(
            """
            scope: {include: ["\(files)"]}
            workers:
              max_parallel: 1
              environment: [TRACE]
              ladder:
                - events: orchestrate
            \(Self.indented(step, by: 6))
                  run: |
            \(Self.indented(script.filter { !$0.isEmpty }.joined(separator: "\n"), by: 8))
            \(more)
            """, name: name)
    }

    private static func indented(_ text: String, by columns: Int) -> String {
        text.split(separator: "\n").map { String(repeating: " ", count: columns) + $0 }.joined(separator: "\n")
    }
}
