import Foundation
import Model

extension PlanProposal {
    /// The plan as YAML, with a comment on each part.
    package var text: String {
        [head, scopeText, setupText, workersText, verifyText, budgetText].filter { !$0.isEmpty }
            .joined(separator: "\n")
    }

    private var head: String {
        var lines = [
            "# A plan for \(title), written by 'orchestrate init'. docs/plan.md describes all keys.",
            "#   orchestrate plan show    lists the tasks",
            "#   orchestrate migrate      carries out the plan",
            "version: 1", "name: \(name)", "repository: \(YAML.text(repository))",
        ]
        if let base { lines.append("base: \(YAML.text(base))") }
        lines.append("goal: |")
        lines += goal.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "  \($0)" }
        for file in profile.guidance where hasAgent { lines.append("# Agents read \(file) of the repository as well.") }
        return lines.joined(separator: "\n") + "\n"
    }

    private var scopeText: String {
        guard let scope = profile.scope else {
            return "# No source files were recognised, so every file is in scope.\nscope:\n  include: [\"**\"]\n"
        }
        let share = profile.languages.first { $0.name == scope.language }?.share ?? 0
        var lines = [
            "# \(Count.text(scope.files, "\(scope.language) file")); \(share) % of the source is \(scope.language).",
            "scope:", "  include: \(YAML.list(scope.include))",
        ]
        if !scope.exclude.isEmpty {
            lines.append("  # Tests and the code of others. Remove a line to migrate these files too.")
            lines.append("  exclude:")
            lines += scope.exclude.map { "    - \(YAML.text($0))" }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: Setup

    /// The keys `setup` and `copy`, in the only place that writes them.
    private var setupText: String {
        guard knowsSetup else { return "" }
        var lines: [String] = []
        if !setup.isEmpty {
            lines.append("# Prepares each slot. A step runs again when one of its inputs has changed.")
            lines.append("setup:")
            for step in setup {
                lines.append("  - run: \(YAML.text(step.run))")
                lines.append("    inputs: \(YAML.list(step.inputs))")
                if step.network { lines.append("    network: host") }
                if step.network, !networkVariables.isEmpty {
                    lines.append("    environment: \(YAML.list(networkVariables))")
                }
                if !step.cache.isEmpty { lines.append("    cache: \(YAML.list(step.cache))") }
            }
        }
        if !profile.copies.isEmpty {
            lines.append("# Git-ignored files of your checkout, copied to each slot and never written back.")
            lines.append("copy: \(YAML.list(profile.copies))")
        }
        return lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n"
    }

    // MARK: Workers

    private var workersText: String {
        var lines = ["workers:", "  max_parallel: \(maxParallel)", "  ladder:"]
        if !otherAgents.isEmpty {
            lines.append("    # Also ready on this machine: \(otherAgents.joined(separator: ", ")).")
        }
        for rung in ladder {
            if !rung.note.isEmpty { lines.append("    # \(rung.note)") }
            lines.append("    - use: \(rung.use)")
            lines.append("      attempts: \(rung.attempts)")
            if !rung.environment.isEmpty { lines.append("      environment: \(YAML.list(rung.environment))") }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var budgetText: String {
        hasAgent
            ? "# The run stops at these limits; 'orchestrate resume' continues it.\nbudget: {usd: 20, wall: 4h}\n"
            : "# The run stops at this limit; 'orchestrate resume' continues it.\nbudget: {wall: 1h}\n"
    }

    // MARK: Checks

    private var verifyText: String {
        let used = checks.filter { $0.trial?.isUsable ?? true }
        let isRed = used.contains { $0.trial?.verdict == .failed }
        var lines = ["verify:"]
        if isRed {
            lines.append("  # The base is red: a check passes if its failed tests have failed on the base too.")
            lines.append("  allow_baseline_failures: true")
            lines += list("baseline", used)
        }
        lines += doneLines
        lines += list("task", used, isBrief: true)
        lines += list("landing", used)
        for tried in checks where !(tried.trial?.isUsable ?? true) {
            lines.append("    # Not used, because it does not work on the base:")
            lines += commented("- name: \(tried.name)", "  run: \(tried.check.run)", tried.trial?.reason ?? "")
        }
        if used.isEmpty {
            lines.append("  landing: []")
            lines.append("  # No check works, so every tree lands. Write one: landing: [{run: make test}]")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func commented(_ name: String, _ run: String, _ reason: String) -> [String] {
        ["    # \(name)", "    # \(run)"] + (reason.isEmpty ? [] : ["    #   \(reason)"])
    }

    private var doneLines: [String] {
        guard let done else {
            return [
                "  # Fails for a file before its migration and passes after it. Tasks that pass it already start no worker.",
                "  # done:", "  #   - run: \"! grep -n 'old_name' {file}\"",
            ]
        }
        return [
            "  # Fails for a file before its migration and passes after it.", "  done:",
            "    - name: \(YAML.text(done.name))", "      run: \(YAML.text(done.run))",
        ] + (done.environment.isEmpty ? [] : ["      environment: \(YAML.list(done.environment))"])
    }

    private func list(_ key: String, _ checks: [TriedCheck], isBrief: Bool = false) -> [String] {
        guard !checks.isEmpty else { return [] }
        return ["  \(key):"] + checks.flatMap { entry($0, isBrief: isBrief) }
    }

    private func entry(_ tried: TriedCheck, isBrief: Bool) -> [String] {
        var lines: [String] = []
        if !isBrief {
            let seen = tried.trial?.comments(on: triedOn, purpose: tried.check.purpose) ?? ["It was not tried."]
            lines += seen.map { "    # \($0)" }
        }
        lines.append("    - name: \(YAML.text(tried.name))")
        lines.append("      run: \(YAML.text(tried.check.run))")
        if let report = tried.check.report { lines.append("      report: \(YAML.text(report))") }
        if tried.check.needsNetwork { lines.append("      network: host") }
        let environment = tried.check.environment + (tried.check.needsNetwork ? networkVariables : [])
        if !environment.isEmpty { lines.append("      environment: \(YAML.list(environment))") }
        if let timeout = tried.trial?.timeout { lines.append("      timeout: \(timeout)") }
        if tried.trial?.verdict == .flaky { lines.append("      retries: 1") }
        return lines
    }
}

extension CheckTrial {
    /// Longer than the default of 10 minutes where a run takes more than two; nil otherwise.
    fileprivate var timeout: String? { seconds > 120 ? "\(Int((seconds * 5 / 60).rounded(.up)))m" : nil }

    /// Returns what was seen, one line each.
    fileprivate func comments(on commit: String?, purpose: CheckProposal.Purpose) -> [String] {
        let place = commit.map { "on \($0)" } ?? "on the base"
        let tests = testsRun.map { ", \(Count.text($0, "test"))" } ?? ""
        let time = String(format: "%.1f s", seconds)
        var lines: [String]
        switch verdict {
        case .passed: lines = ["Passed \(place) in \(time)\(tests)."]
        case .flaky: lines = ["Flaky: it passed and failed \(place), in \(time)\(tests)."]
        case .failed: lines = ["Failed \(place) in \(time)\(tests): \(reason)"]
        case .broken: lines = ["Does not work \(place): \(reason)"]
        }
        switch seesBrokenTree {
        case true?: lines.append("It fails when the files in scope are broken, as it should.")
        case false?:
            lines.append("WARNING: it passes when the files in scope are broken, so broken code could land.")
        case nil: break
        }
        if purpose == .syntax { lines.append("No tests were found: this check only parses the files.") }
        return lines
    }
}

/// Text and lists in the syntax of YAML.
enum YAML {
    /// Words that YAML reads as something other than text.
    private static let words: Set<String> = ["true", "false", "yes", "no", "on", "off", "null", "~"]

    /// Returns the text as a plain word where that is unambiguous, else in double quotes.
    static func text(_ text: String) -> String {
        let plain = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || " _./-".contains($0)) }
        let begins = text.first.map { $0.isLetter || $0 == "." || $0 == "/" || $0 == "_" } ?? false
        if plain, begins, !text.hasSuffix(" "), !words.contains(text.lowercased()), text != "..", text != "." {
            return text
        }
        return quoted(text)
    }

    static func list(_ texts: [String]) -> String { "[\(texts.map(quoted).joined(separator: ", "))]" }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            default:
                if scalar.value < 0x20 || scalar.value == 0x7F {
                    result += String(format: "\\x%02X", scalar.value)
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}
