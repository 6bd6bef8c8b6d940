import Testing

/// How one real program says what the script wants of it.
struct AgentCase: Sendable, CustomTestStringConvertible {
    /// Folder below `workers/`.
    var worker: String
    var program: String
    /// Of the step in the ladder.
    var environment: [String]
    var limits: String
    var more = ""
    /// What only its requests have: over the names of its tools or, where it has none, over its system prompt.
    var mark: String
    /// The model's answer that does the work, as members of a rule. `${file}` is the file.
    var edit: String
    /// One that fails and lets the model try again.
    var mistake: String
    /// One that does nothing and lets the model go on.
    var idle: String
    /// What it answers after its work.
    var done = #""say": "Done.""#
    /// It says when it is done before its process ends, so one that hangs then is noticed.
    var tellsItsEnd = true
    var resumes = false
    /// What a refusal of the model comes to.
    var refusal = "no-change"

    var testDescription: String { worker }

    static let prices = "prices: { input: 3, cached: 0.3, output: 15 }"

    static let all: [AgentCase] = [claudeCode, codex, aider, miniSWEAgent]

    static let claudeCode = AgentCase(
        worker: "claude-code", program: "claude", environment: ["ANTHROPIC_MODEL=claude-sonnet-4-5"],
        limits: "{ timeout: 2m, usd: 0.02 }", mark: #""tools": "\\bBash\\b""#,
        edit:
            #""say": "I change it.", "call": [{"tool": "Bash", "arguments": {"command": "sed -i s/old/new/ ${file}"}}]"#,
        mistake:
            #""call": [{"tool": "Edit", "arguments": {"file_path": "none.py", "old_string": "a", "new_string": "b"}}]"#,
        idle: #""call": [{"tool": "Bash", "arguments": {"command": "true"}}]"#, resumes: true, refusal: "worker-exit")

    static let codex = AgentCase(
        worker: "codex", program: "codex", environment: ["CODEX_MODEL=scripted"],
        limits: "{ timeout: 2m, turns: 6 }", more: prices, mark: #""tools": "\\bexec_command\\b""#,
        edit:
            #""say": "I change it.", "call": [{"tool": "exec_command", "arguments": {"cmd": "sed -i s/old/new/ ${file}"}}]"#,
        mistake: #""call": [{"tool": "exec_command", "arguments": {"cmd": "sed -i s/old/new/ none.py"}}]"#,
        idle: #""call": [{"tool": "exec_command", "arguments": {"cmd": "sleep 0.1"}}]"#, resumes: true)

    private static func blocks(_ old: String) -> String {
        #""say": "${file}\n```python\n<<<<<<< SEARCH\n    return \"\#(old)\"\n=======\n    return \"new\"\n>>>>>>> REPLACE\n```\n""#
    }

    static let aider = AgentCase(
        worker: "aider", program: "aider", environment: ["AIDER_MODEL=openai/scripted", "AIDER_EDIT_FORMAT=diff"],
        limits: "{ timeout: 2m, turns: 2 }", more: prices, mark: #""system": "SEARCH/REPLACE""#, edit: blocks("old"),
        mistake: blocks("absent"),
        // It gives up after three mistakes; slowly enough that the third is seen.
        idle: blocks("absent") + #", "fault": {"drip": 0.7}"#)

    static let miniSWEAgent = AgentCase(
        worker: "mini-swe-agent", program: "mini", environment: ["MSWEA_MODEL_NAME=openai/scripted"],
        limits: "{ timeout: 2m, turns: 6 }", more: prices, mark: #""tools": "\\bbash\\b""#,
        edit: #""say": "THOUGHT", "call": [{"tool": "bash", "arguments": {"command": "sed -i s/old/new/ ${file}"}}]"#,
        mistake:
            #""say": "THOUGHT", "call": [{"tool": "bash", "arguments": {"command": "sed -i s/old/new/ none.py"}}]"#,
        idle: #""say": "THOUGHT", "call": [{"tool": "bash", "arguments": {"command": "sleep 0.2"}}]"#,
        done:
            #""say": "THOUGHT", "call": [{"tool": "bash", "arguments": {"command": "echo COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT"}}]"#,
        tellsItsEnd: false, refusal: "worker-exit")

    /// What the model does in the task of each file, and how.
    enum Part: Int, CaseIterable {
        case refuses = 5
        case isLazyOnce
        case makesAMistake
        case isBusy
        case isOverloaded
        case isCutShort
        case hangsAtItsEnd
        case goesOnAndOn

        var file: String { AgentWorkshop.file(rawValue) }
    }

    /// The script: the first four files are plain work.
    var script: String {
        func rule(_ name: String, _ part: Part?, _ when: String, _ then: String, _ more: String = "") -> String {
            let file = part.map { $0.file } ?? #"shop/m\\d+\\.py"#
            return """
                {"name": "\(name)", "label": "${file}", \(more)
                 "when": {"any": "# Task: (?<file>\(file))", \(when)\(mark)}, \(then)}
                """
        }
        let again = #""last": "not accepted|Attempt 2", "#
        let first = resumes ? #""turn": 0, "# : ""
        let rules = [
            rule("busy", .isBusy, "", #""fault": {"status": 429, "retry_after": 1}"#, #""times": 1,"#),
            rule("overloaded", .isOverloaded, "", #""fault": {"status": 529, "retry_after": 1}"#, #""times": 1,"#),
            rule("cut", .isCutShort, "", edit + #", "fault": {"cut_after": 1}"#, #""times": 1,"#),
            rule("refuses", .refuses, "", #""say": "I will not do that.", "stop": "refusal""#),
            rule("lazy, again", .isLazyOnce, again, edit),
            rule("lazy", .isLazyOnce, first, done, #""times": 1,"#),
            rule("mistake", .makesAMistake, "", mistake, #""times": 1,"#),
            rule("on and on", .goesOnAndOn, "", idle),
            rule("edit", nil, ##""last": "# Task: |none\\.py|does not exist|REPLACE|absent", "##, edit),
            rule("done", nil, "", done),
        ]
        return "{\"rules\": [\n\(rules.joined(separator: ",\n"))\n]}"
    }
}
