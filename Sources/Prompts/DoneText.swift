import Model

/// The acceptance criteria of a task: its commands, filled in, and its reviewers.
struct DoneText {
    private let task: MigrationTask
    private let verify: VerifyRules

    /// Commands that are spelled out for one check. Above that, the check is shown as the plan has it.
    private static let mostCommands = 6

    init(_ material: PromptMaterial) {
        task = material.task
        verify = material.verify
    }

    var pieces: [String] {
        var pieces: [String] = []
        let own = Self.once((verify.done + verify.task).flatMap(lines))
        if !own.isEmpty {
            pieces.append("Each of these commands exits with 0. Run them before you end:\n\n" + Self.indented(own))
        }
        let landing = Self.once(verify.landing.flatMap(lines)).filter { !own.contains($0) }
        if !landing.isEmpty {
            pieces.append(
                "The whole project passes these, which run again when your work lands. Run them before you end:\n\n"
                    + Self.indented(landing))
        }
        pieces += verify.doneReviewers.map { reviewer in
            let what = reviewer.instructions.isEmpty ? "." : ": \(reviewer.instructions)"
            return "A reviewer who looks at the files finds nothing left to do\(what)"
        }
        return pieces.isEmpty ? ["Every file of the task is migrated."] : pieces
    }

    /// Returns the commands without repetitions.
    private static func once(_ commands: [String]) -> [String] {
        var seen: Set<String> = []
        return commands.filter { seen.insert($0).inserted }
    }

    /// Returns the commands of a check for this task's files.
    private func lines(of check: Check) -> [String] {
        guard let template = try? CommandTemplate(check.run) else { return [check.run] }
        let place = "$ORCHESTRATE_JOB"
        let filled = try? template.expand(files: task.files, task: task.id, job: place, tests: task.tests)
        guard let filled else { return [check.run] }
        if filled.count > Self.mostCommands { return ["# for each file of the task:", check.run] }
        let settings = (verify.environment + check.environment).filter { $0.contains("=") }.map { setting in
            let name = setting.prefix { $0 != "=" }
            return "export \(name)=\(ShellWord.quoted(String(setting.dropFirst(name.count + 1)))); "
        }.joined()
        return filled.map { settings + $0.replacing("'\(place)'", with: "\"\(place)\"") }
    }

    /// Returns commands as indented text: what stands between fences counts as data.
    private static func indented(_ commands: [String]) -> String {
        commands.flatMap { $0.trimmed.split(separator: "\n", omittingEmptySubsequences: false) }.map { "    \($0)" }
            .joined(separator: "\n")
    }
}
