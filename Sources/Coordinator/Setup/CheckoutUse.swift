import Foundation
import Git
import Jobs
import Model

/// Finds checks that would judge the user's checkout in place of a slot, as far as their commands tell.
///
/// The best known case is a virtual environment with an editable install of the project: a test that runs in a slot imports
/// the code of the checkout, and passes whatever the slot holds.
struct CheckoutUse {
    /// A finding about one check.
    struct Finding: Equatable {
        var text: String
        /// Whether the check would pass on broken work. Otherwise it can only fail.
        var isFalseGreen: Bool
        /// What to do about it, if the text does not say it.
        var hint: String?
    }

    private let checkout: String
    private let repository: Repository
    private let plan: Plan
    private let environment: BaseEnvironment

    /// Variables whose folders programs load code from.
    private static let codePaths = ["PYTHONPATH", "CLASSPATH", "NODE_PATH", "RUBYLIB", "PERL5LIB", "GOPATH"]

    /// Returns nil for a bare repository, which has no checkout.
    init?(_ plan: Plan, of repository: Repository, environment: BaseEnvironment) {
        guard let checkout = repository.workingDirectory else { return nil }
        self.checkout = checkout
        self.repository = repository
        self.plan = plan
        self.environment = environment
    }

    func findings() -> [Finding] {
        var findings: [Finding] = []
        var ignored: [(check: String, path: String)] = []
        for (name, command, variables) in commands() {
            let words = ShellWords(command)
            findings += variablesFindings(name, variables) + wordFindings(name, words)
            for program in words.programs {
                guard let path = Self.find(program, variables["PATH"] ?? "", checkout) else { continue }
                findings += pythonFindings(name, path)
            }
            ignored += words.words.compactMap { Self.relative($0) }.map { (name, $0) }
        }
        findings += ignoredFindings(ignored)
        var seen: Set<String> = []
        return findings.filter { seen.insert($0.text).inserted }
    }

    /// The checks and guard commands of the plan, with their variables.
    private func commands() -> [(name: String, command: String, variables: [String: String])] {
        let stages = plan.stages.flatMap { stage in
            let rules = stage.verify
            let checks = (rules.done + rules.task + rules.holdout + rules.landing).map { check in
                (check.name, check.run, rules.environment, check.environment)
            }
            return checks + stage.guards.custom.map { ($0.name, $0.run, rules.environment, $0.environment) }
        }
        let whole = (plan.verify.baseline + plan.verify.final).map {
            ($0.name, $0.run, plan.verify.environment, $0.environment)
        }
        return (stages + whole).map { name, command, general, own in
            (name, command, environment.environment(general: general, own: own, place: nil).variables)
        }
    }

    // MARK: Findings

    private func variablesFindings(_ check: String, _ variables: [String: String]) -> [Finding] {
        Self.codePaths.flatMap { name in
            (variables[name] ?? "").split(separator: ":").map(String.init).filter { isInCheckout($0) }.map { folder in
                finding("check '\(check)' loads code from your checkout: \(name) names \(folder)", folder)
            }
        }
    }

    /// Absolute paths of the checkout in a command.
    private func wordFindings(_ check: String, _ words: ShellWords) -> [Finding] {
        words.words.compactMap { word in
            guard isInCheckout(word), !Self.isInEnvironment(word, checkout) else { return nil }
            // A tool beside the plan is meant to be read there, not in a slot.
            if let folders = plan.sandbox.folders, folders.contains(where: { Self.isBelow(word, $0) }) { return nil }
            return finding("check '\(check)' names your checkout: \(word)", word)
        }
    }

    private func pythonFindings(_ check: String, _ program: String) -> [Finding] {
        PythonPaths.added(by: program).compactMap { entry in
            // An environment inside the checkout may name its own folders.
            guard isInCheckout(entry.folder), !Self.isInEnvironment(entry.folder, checkout) else { return nil }
            return finding(
                "check '\(check)' imports code from your checkout: \(program) finds modules in \(entry.folder), "
                    + "because of \(entry.file)", entry.folder)
        }
    }

    private func ignoredFindings(_ named: [(check: String, path: String)]) -> [Finding] {
        let named = named.filter { !mayBeSetUp($0.path) }
        let ignored = (try? repository.ignoredPaths(among: named.map(\.path))) ?? []
        return named.filter { ignored.contains($0.path) && Self.exists("\(checkout)/\($0.path)") }.map { check, path in
            Finding(
                text:
                    "check '\(check)' names '\(path)', which Git ignores: a slot has it only if 'setup' makes it or 'copy' "
                    + "names it",
                isFalseGreen: false,
                hint: "add a step to 'setup' that makes it, or add it to 'copy'")
        }
    }

    /// Whether slots may have an ignored path. What a step makes is known only after it has run.
    private func mayBeSetUp(_ path: String) -> Bool {
        if plan.stages.contains(where: { !$0.setup.steps.isEmpty }) { return true }
        guard let globs = try? GlobSet(plan.setup.copy) else { return false }
        return globs.matches(path) || globs.globs.contains { path.hasPrefix("\($0.pattern)/") }
    }

    private func finding(_ text: String, _ path: String) -> Finding {
        let isSeen = isVisible(path)
        return Finding(
            text: isSeen ? text : "\(text); the sandbox hides it, so the check will not find it", isFalseGreen: isSeen)
    }

    // MARK: Paths

    private func isInCheckout(_ path: String) -> Bool {
        guard path.hasPrefix("/") else { return false }
        return Self.isBelow(path, checkout) || Self.isBelow(Self.resolved(path), Self.resolved(checkout))
    }

    /// Whether a check can read a path of the checkout.
    private func isVisible(_ path: String) -> Bool {
        guard plan.sandbox.mode == .on else { return true }
        return (plan.sandbox.read + plan.sandbox.write).contains { shown in
            let folder = Self.resolved(
                shown.hasPrefix("~/") ? "\(environment.home ?? "")/\(shown.dropFirst(2))" : shown)
            let real = Self.resolved(path)
            return Self.isBelow(real, folder) || Self.isBelow(folder, real)
        }
    }

    /// Whether a path belongs to a virtual environment in the checkout.
    private static func isInEnvironment(_ path: String, _ checkout: String) -> Bool {
        var folder = path
        while isBelow(folder, checkout), folder != checkout {
            if exists("\(folder)/pyvenv.cfg") { return true }
            folder = (folder as NSString).deletingLastPathComponent
        }
        return false
    }

    /// Returns the absolute path of a program; nil if it is not found, or is a file of the slot.
    private static func find(_ program: String, _ path: String, _ checkout: String) -> String? {
        if program.hasPrefix("/") { return program }
        guard !program.contains("/"), !program.isEmpty else { return nil }
        return path.split(separator: ":").map { "\($0)/\(program)" }.first {
            $0.hasPrefix("/") && FileManager.default.isExecutableFile(atPath: $0)
        }
    }

    /// Returns a word as a path from the root of the checkout; nil if the word is not a path.
    private static func relative(_ word: String) -> String? {
        guard !word.hasPrefix("/"), !word.hasPrefix("-"), !word.isEmpty, word.utf8.count < 4096,
            !word.contains(where: { "*?[]{}$`\n".contains($0) })
        else { return nil }
        let parts = word.split(separator: "/").filter { $0 != "." }
        return parts.isEmpty || parts.contains("..") ? nil : parts.joined(separator: "/")
    }

    private static func isBelow(_ path: String, _ folder: String) -> Bool {
        path == folder || path.hasPrefix(folder.hasSuffix("/") ? folder : "\(folder)/")
    }

    private static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    private static func resolved(_ path: String) -> String {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
    }
}
