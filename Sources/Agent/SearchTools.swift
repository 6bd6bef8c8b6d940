import Jobs
import Model
import ModelAPI

/// Finds lines by a regular expression.
struct SearchTool: Tool {
    let commands: CommandRunner

    private static let mostLines = 200
    private static let longestLine = 300

    let definition = ToolDefinition(
        "search",
        "Find lines that match an extended regular expression (POSIX), in files that git does not ignore. "
            + "Shows path, line number and line.",
        properties: [
            ("pattern", "string", "The expression."),
            ("glob?", "string", "Only paths that match, such as src/**/*.py."),
            ("literal?", "boolean", "The pattern is plain text."),
            ("ignore_case?", "boolean", "Upper and lower alike."),
        ])

    func run(_ input: ToolInput) async throws(ToolFailure) -> String {
        var arguments = ["grep", "--untracked", "-nI", input.flag("literal") ? "-F" : "-E"]
        if input.flag("ignore_case") { arguments.append("-i") }
        arguments += ["-e", try input.text("pattern"), "--", ":(glob)\(try input.text("glob", default: "**"))"]
        let outcome = await commands.git(arguments, kept: 1 << 20)
        switch outcome.ending {
        case .exited(0): break
        case .exited(1): return "No line matches."
        default: throw ToolFailure("the search failed: \(Text.cut(outcome.output, to: 500))")
        }
        let lines = outcome.output.split(separator: "\n")
        let shown = lines.prefix(Self.mostLines).map { line in
            line.count > Self.longestLine ? "\(line.prefix(Self.longestLine))…" : String(line)
        }
        let rest = lines.count - shown.count
        return shown.joined(separator: "\n") + (rest > 0 ? "\n[\(rest) more; narrow the search]" : "")
    }
}

/// Names files.
struct ListTool: Tool {
    let commands: CommandRunner

    private static let mostPaths = 500

    let definition = ToolDefinition(
        "list", "Name the files of the checkout that git does not ignore, sorted.",
        properties: [
            ("glob?", "string", "Only paths that match: * within a name, ** over folders, such as src/**/*.py.")
        ])

    func run(_ input: ToolInput) async throws(ToolFailure) -> String {
        let glob: Glob
        do { glob = try Glob(try input.text("glob", default: "**")) } catch let failure as ToolFailure {
            throw failure
        } catch { throw ToolFailure("\(error)") }
        let outcome = await commands.git(["ls-files", "-co", "--exclude-standard", "-z"], kept: 16 << 20)
        guard outcome.ending == .exited(0) else {
            throw ToolFailure("the files cannot be listed: \(Text.cut(outcome.output, to: 500))")
        }
        let paths = Set(outcome.output.split(separator: "\0").map(String.init)).filter(glob.matches).sorted()
        guard !paths.isEmpty else { return "No file matches." }
        let rest = paths.count - Self.mostPaths
        return paths.prefix(Self.mostPaths).joined(separator: "\n") + (rest > 0 ? "\n[\(rest) more]" : "")
    }
}

/// Runs a command of the shell.
struct CommandTool: Tool {
    let commands: CommandRunner
    /// Seconds.
    let longest: Int
    let isEssential = true

    private static let standard = 120
    private static let kept = 24_000

    let definition = ToolDefinition(
        "run",
        "Run a shell command in the root of the checkout: look, build, test. Standard input is closed. Shows the exit "
            + "status, and what it printed. What it left running is ended.",
        properties: [
            ("command", "string", "For /bin/sh."), ("timeout?", "integer", "Seconds; 120 where it is left out."),
        ])

    func run(_ input: ToolInput) async throws(ToolFailure) -> String {
        let seconds = min(longest, max(1, try input.integer("timeout") ?? Self.standard))
        let outcome = await commands.run(.shell(try input.text("command")), timeout: Double(seconds), kept: Self.kept)
        let end =
            switch outcome.ending {
            case .exited(let status): "exit status \(status)"
            case .signalled(let signal): "ended by signal \(signal)"
            case .timedOut: "ended after \(seconds) s"
            case .cancelled: "cancelled"
            case .outputLimit: "ended: it printed too much"
            case .idle: "ended, because it did nothing"
            case .limit(let limit): "ended: \(limit)"
            case .couldNotStart(let reason): "could not be started: \(reason)"
            }
        return "[\(end)]\n\(outcome.output)"
    }
}
