import Foundation
import Jobs
import Model

/// The programs that the commands of a plan start, as far as their text tells.
struct PlanPrograms {
    private let plan: Plan
    private let environment: BaseEnvironment

    /// Commands of the shell itself, and words that only look like programs.
    private static let builtins: Set<String> = [
        ".", ":", "[", "[[", "alias", "break", "case", "cd", "continue", "do", "done", "echo", "elif", "else", "esac",
        "eval", "exec", "exit", "export", "false", "fi", "for", "function", "if", "in", "kill", "local", "printf",
        "pwd",
        "read", "return", "set", "shift", "source", "test", "then", "times", "trap", "true", "type", "ulimit", "umask",
        "unset", "until", "wait", "while", "{", "}", "!",
    ]

    init(_ plan: Plan, environment: BaseEnvironment) {
        self.plan = plan
        self.environment = environment
    }

    /// Returns each program that is not in `PATH`, with what needs it: `'pytest' for check 'tests'`.
    func missing() -> [String] {
        var seen: Set<String> = []
        return commands().flatMap { user, command, variables in
            ShellWords(command).programs.filter { program in
                Self.isName(program) && !Self.isFound(program, variables["PATH"] ?? "")
                    && seen.insert(program).inserted
            }.map { "'\($0)' for \(user)" }
        }
    }

    private func commands() -> [(user: String, command: String, variables: [String: String])] {
        let whole = (plan.verify.baseline + plan.verify.final).map { ($0, plan.verify) }
        let checks = plan.stages.flatMap { stage in
            (stage.verify.done + stage.verify.task + stage.verify.landing).map { ($0, stage.verify) }
        }
        let workers = plan.stages.flatMap(\.ladder).map(\.worker).map { worker in
            ("worker '\(worker.name)'", worker.run, variables(plan.workers.environment + worker.environment))
        }
        return (whole + checks).map { check, rules in
            ("check '\(check.name)'", check.run, variables(rules.environment + check.environment))
        } + workers
    }

    private func variables(_ own: [String]) -> [String: String] {
        environment.environment(own: own, place: nil).variables
    }

    /// Whether a word is the plain name of a program: not a path, a variable, a placeholder or part of the shell.
    static func isName(_ word: String) -> Bool {
        !word.isEmpty && !builtins.contains(word)
            && word.allSatisfy { $0.isLetter || $0.isNumber || "-_.+".contains($0) }
            && !word.allSatisfy { $0.isNumber }
    }

    static func isFound(_ program: String, _ path: String) -> Bool {
        path.split(separator: ":").contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
    }
}
