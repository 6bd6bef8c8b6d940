import Foundation
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
    /// How it answers as a reviewer, and how it sends a lesson while it works.
    var verdict = Saying.text
    var lesson: Lesson
    /// It says when it is done before its process ends, so one that hangs then is noticed.
    var tellsItsEnd = true
    var resumes = false
    /// What a refusal of the model comes to.
    var refusal = "no-change"

    var testDescription: String { worker }

    /// How a text leaves a program.
    enum Saying: Sendable {
        /// As the model's text.
        case text
        /// By a shell command that writes it to a file: the name of the tool, and further members of its arguments.
        case shell(tool: String, more: String)
    }

    enum Lesson: Sendable {
        /// Arguments of a tool with the shell command that edits.
        case shell(tool: String, key: String, more: String)
        /// It runs no commands. The worker sends the lesson before the program starts.
        case none
    }

    static let prices = "prices: { input: 3, cached: 0.3, output: 15 }"

    static let all: [AgentCase] = [claudeCode, codex, aider, miniSWEAgent, vibe, openHands].filter {
        chosen == nil || chosen == "all" || chosen?.split(separator: ",").contains(Substring($0.worker)) == true
    }
    /// Names of workers, or "all"; these do all tasks, and no others any.
    private static let chosen = ProcessInfo.processInfo.environment["ORCHESTRATE_REAL_AGENTS"]

    /// The tasks of programs that take ten seconds to start. An overloaded provider (task 9) is much like a busy one (task 8).
    /// A hang at the end (task 11) can only be noticed in programs that say when they are done.
    private static let tenTasks = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12]
    private static let doesAllTasks = chosen != nil
    fileprivate var standardTasks = Array(1...12)
    var tasks: [Int] { Self.doesAllTasks ? Array(1...12) : standardTasks }
    fileprivate var startsSlowly = false
    /// The reviewer: the program itself, or the built-in agent in place of one that takes seconds to start.
    var reviewsItself: Bool { !startsSlowly || Self.doesAllTasks }
    /// Whether the machine may have no Python for it.
    var isOptional = false

    static let claudeCode = AgentCase(
        worker: "claude-code", program: "claude", environment: ["ANTHROPIC_MODEL=claude-sonnet-4-5"],
        limits: "{ timeout: 2m, usd: 0.02 }", mark: #""tools": "\\bBash\\b""#,
        edit:
            #""say": "I change it.", "call": [{"tool": "Bash", "arguments": {"command": "sed -i s/old/new/ ${file}"}}]"#,
        mistake:
            #""call": [{"tool": "Edit", "arguments": {"file_path": "none.py", "old_string": "a", "new_string": "b"}}]"#,
        idle: #""call": [{"tool": "Bash", "arguments": {"command": "true"}}]"#,
        lesson: .shell(tool: "Bash", key: "command", more: ""), resumes: true, refusal: "worker-exit")

    static let codex = AgentCase(
        worker: "codex", program: "codex", environment: ["CODEX_MODEL=scripted"],
        limits: "{ timeout: 2m, turns: 6 }", more: prices, mark: #""tools": "\\bexec_command\\b""#,
        edit:
            #""say": "I change it.", "call": [{"tool": "exec_command", "arguments": {"cmd": "sed -i s/old/new/ ${file}"}}]"#,
        mistake: #""call": [{"tool": "exec_command", "arguments": {"cmd": "sed -i s/old/new/ none.py"}}]"#,
        idle: #""call": [{"tool": "exec_command", "arguments": {"cmd": "sleep 0.1"}}]"#,
        lesson: .shell(tool: "exec_command", key: "cmd", more: ""), resumes: true)

    private static func blocks(_ old: String) -> String {
        #""say": "${file}\n```python\n<<<<<<< SEARCH\n    return \"\#(old)\"\n=======\n    return \"new\"\n>>>>>>> REPLACE\n```\n""#
    }

    static let aider = AgentCase(
        worker: "aider", program: "aider", environment: ["AIDER_MODEL=openai/scripted", "AIDER_EDIT_FORMAT=diff"],
        limits: "{ timeout: 2m, turns: 2 }", more: prices, mark: #""system": "SEARCH/REPLACE""#, edit: blocks("old"),
        mistake: blocks("absent"),
        // It gives up after three mistakes; slowly enough that the third is seen.
        idle: blocks("absent") + #", "fault": {"drip": 0.7}"#, lesson: .none, startsSlowly: true)

    static let miniSWEAgent = AgentCase(
        worker: "mini-swe-agent", program: "mini", environment: ["MSWEA_MODEL_NAME=openai/scripted"],
        limits: "{ timeout: 2m, turns: 6 }", more: prices, mark: #""tools": "\\bbash\\b""#,
        edit: #""say": "THOUGHT", "call": [{"tool": "bash", "arguments": {"command": "sed -i s/old/new/ ${file}"}}]"#,
        mistake:
            #""say": "THOUGHT", "call": [{"tool": "bash", "arguments": {"command": "sed -i s/old/new/ none.py"}}]"#,
        idle: #""say": "THOUGHT", "call": [{"tool": "bash", "arguments": {"command": "sleep 0.2"}}]"#,
        done:
            #""say": "THOUGHT", "call": [{"tool": "bash", "arguments": {"command": "echo COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT"}}]"#,
        verdict: .shell(tool: "bash", more: ""), lesson: .shell(tool: "bash", key: "command", more: ""),
        tellsItsEnd: false, refusal: "worker-exit", startsSlowly: true)

    static let vibe = AgentCase(
        worker: "vibe", program: "vibe", environment: ["MISTRAL_MODEL=scripted"], limits: "{ timeout: 2m, turns: 6 }",
        more: prices, mark: #""tools": "\\bbash\\b""#,
        edit:
            #""say": "I change it.", "call": [{"tool": "bash", "arguments": {"command": "sed -i s/old/new/ ${file}"}}]"#,
        mistake: #""call": [{"tool": "bash", "arguments": {"command": "sed -i s/old/new/ none.py"}}]"#,
        idle: #""call": [{"tool": "bash", "arguments": {"command": "sleep 0.2"}}]"#,
        lesson: .shell(tool: "bash", key: "command", more: ""), tellsItsEnd: false,
        standardTasks: tenTasks, startsSlowly: true, isOptional: true)

    private static let risk = #", "security_risk": "LOW""#
    private static func terminal(_ command: String) -> String {
        #""call": [{"tool": "terminal", "arguments": {"command": "\#(command)"\#(risk)}}]"#
    }

    static let openHands = AgentCase(
        worker: "openhands", program: "openhands", environment: ["LLM_MODEL=openai/scripted"],
        limits: "{ timeout: 3m, turns: 6 }", more: prices, mark: #""tools": "\\bterminal\\b""#,
        edit: #""say": "I change it.", "# + terminal("sed -i s/old/new/ ${file}"),
        mistake: terminal("sed -i s/old/new/ none.py"), idle: terminal("sleep 0.${turn}"),
        done: #""say": "Done.", "call": [{"tool": "finish", "arguments": {"message": "It says new."}}]"#,
        verdict: .shell(tool: "terminal", more: risk), lesson: .shell(tool: "terminal", key: "command", more: risk),
        standardTasks: tenTasks, startsSlowly: true, isOptional: true)

    /// What the model does in the task of each file, and how.
    enum Part: Int, CaseIterable {
        case isRejected = 4
        case refuses
        case isLazyOnce
        case makesAMistake
        case isBusy
        case isOverloaded
        case isCutShort
        case hangsAtItsEnd
        case goesOnAndOn

        var file: String { AgentWorkshop.file(rawValue) }
    }

    /// What the first task tells the others.
    static let lessonText = "a function may be named in a string elsewhere"
    static let lessonCommand =
        "\"$ORCHESTRATE_PROGRAM\" message send --kind lesson '\(lessonText)'"

    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    /// The work with another result: the same one would be rejected without another look at it.
    private var better: String {
        edit.replacing("s/old/new/", with: "s/old/newer/").replacing(#"\"new\""#, with: #"\"newer\""#)
    }

    /// The answer that does the work of the first task.
    private var teaching: String {
        guard case .shell(let tool, let key, let more) = lesson else { return edit }
        let command = Self.quoted("sed -i s/old/new/ ${file}; " + Self.lessonCommand)
        return #""say": "I change it.", "call": [{"tool": "\#(tool)", "arguments": {"\#(key)": \#(command)\#(more)}}]"#
    }

    static let reviewRules = ["reject", "approve", "judged"]

    /// The rules for reviews: the first one of one file is a rejection.
    private var reviews: [String] {
        let mark = reviewsItself ? self.mark : #""tools": "\\bverdict\\b""#
        func rule(_ name: String, _ file: String, _ start: String, _ then: String) -> String {
            """
            {"name": "\(name)", "label": "${file}", \(start)
             "any": "# Review: (?<file>\(file)).*to `(?<outcome>[^`]+)`", \(mark)}, \(then)}
            """
        }
        let first = ##""when": {"last": "# Review: ","##
        let all = #"shop/m\\d+\\.py"#
        return [
            rule(
                "reject", Part.isRejected.file, #""times": 1, "# + first, answer("reject", #"["${file}:2: say why"]"#)),
            rule("approve", all, first, answer("approve", "[]")), rule("judged", all, #""when": {"#, done),
        ]
    }

    /// A reviewer's answer, as members of a rule.
    private func answer(_ verdict: String, _ reasons: String) -> String {
        let arguments = #"{"verdict": "\#(verdict)", "summary": "looked at", "reasons": \#(reasons)}"#
        guard reviewsItself else { return #""call": [{"tool": "verdict", "arguments": \#(arguments)}]"# }
        let text = arguments.replacing(
            #""${file}:2: say why""#, with: #"{"path": "${file}", "line": 2, "text": "say why"}"#)
        switch self.verdict {
        case .text: return #""say": "# + Self.quoted(text)
        case .shell(let tool, let more):
            let command = Self.quoted("printf '%s' '\(text)' >${outcome}")
            return
                #""say": "I judge.", "call": [{"tool": "\#(tool)", "arguments": {"command": \#(command)\#(more)}}]"#
        }
    }

    /// The script. Files without a part are plain work.
    var script: String {
        func rule(
            _ name: String, _ part: Part?, _ when: String, _ then: String, _ more: String = "", told: Bool = false
        ) -> String {
            let file = part.map { $0.file } ?? #"shop/m\\d+\\.py"#
            let lesson = told ? "(?=.*\(Self.lessonText))" : ""
            return """
                {"name": "\(name)", "label": "${file}", \(more)
                 "when": {"any": "^\(lesson).*?# Task: (?<file>\(file))", \(when)\(mark)}, \(then)}
                """
        }
        let again = #""last": "not accepted|Attempt 2", "#
        let first = resumes ? #""turn": 0, "# : ""
        let begins = ##""last": "# Task: |none\\.py|does not exist|REPLACE|absent", "##
        let rules = [
            rule("teach", nil, ##""last": "# Task: shop/m01", "##, teaching),
            rule("rejected, again", .isRejected, again, better),
            rule("busy", .isBusy, "", #""fault": {"status": 429, "retry_after": 1}"#, #""times": 1,"#),
            rule("overloaded", .isOverloaded, "", #""fault": {"status": 529, "retry_after": 1}"#, #""times": 1,"#),
            rule("cut", .isCutShort, "", edit + #", "fault": {"cut_after": 1}"#, #""times": 1,"#),
            rule("refuses", .refuses, "", #""say": "I will not do that.", "stop": "refusal""#),
            rule("lazy, again", .isLazyOnce, again, edit),
            rule("lazy", .isLazyOnce, first, done, #""times": 1,"#),
            rule("mistake", .makesAMistake, "", mistake, #""times": 1,"#),
            rule("on and on", .goesOnAndOn, "", idle),
            rule("edit, told", nil, begins, edit, told: true),
            rule("edit", nil, begins, edit),
            rule("done", nil, "", done),
        ]
        return "{\"rules\": [\n\((reviews + rules).joined(separator: ",\n"))\n]}"
    }
}
