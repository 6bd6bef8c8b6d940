import Foundation
package import Git
import Jobs
import Model
package import Store

/// A check of the machine and the repository before a run, with a hint for each problem.
package struct Diagnosis: Sendable {
    package struct Finding: Sendable, Equatable, Codable {
        package enum Verdict: String, Sendable, Codable {
            case good
            /// A run works, with a limitation.
            case warning
            /// A run does not start, or fails.
            case bad
        }

        package var subject: String
        package var verdict: Verdict
        package var detail: String
        /// The next step; empty if nothing has to be done.
        package var hint: String

        package init(_ subject: String, _ verdict: Verdict, detail: String, hint: String = "") {
            self.subject = subject
            self.verdict = verdict
            self.detail = detail
            self.hint = hint
        }
    }

    private let repository: Repository
    private let state: StateFolder
    private let environment: [String: String]

    /// The oldest git that merges trees without an index (`merge-tree --write-tree`).
    private static let oldestGit = [2, 38]
    /// Bytes. A slot contains a checkout and its build output.
    private static let littleSpace = 1 << 30

    package init(repository: Repository, state: StateFolder, environment: [String: String]) {
        self.repository = repository
        self.state = state
        self.environment = environment
    }

    package func findings() async -> [Finding] {
        let machine = await Self.machine(environment: environment)
        return machine + [folder(), Self.space(at: state.path)] + commits(of: repository) + submodules(of: repository)
            + locks() + store()
    }

    /// What can be told outside of a repository.
    package static func withoutRepository(environment: [String: String]) async -> [Finding] {
        let home = environment["XDG_STATE_HOME"] ?? environment["HOME"] ?? "/"
        return await machine(environment: environment) + [space(at: home)] + [
            Finding(
                "repository", .warning, detail: "none here, so only the machine was checked",
                hint: "run 'orchestrate doctor' in a repository, or name one with --repo")
        ]
    }

    private static func machine(environment: [String: String]) async -> [Finding] {
        [await git(environment), sandbox()]
    }

    private static func git(_ environment: [String: String]) async -> Finding {
        let output = FileManager.default.temporaryDirectory.appendingPathComponent("orchestrate-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: output) }
        let outcome = await ProcessRunner(marker: "doctor").run(
            ProcessRequest(
                command: .shell("git --version"), directory: "/", environment: environment,
                output: .combined(output.path), timeout: 10, outputLimit: 1 << 16))
        let text = ((try? String(contentsOf: output, encoding: .utf8)) ?? "").split(separator: "\n").first ?? ""
        let numbers = text.split { !$0.isNumber && $0 != "." }.first?.split(separator: ".").compactMap { Int($0) } ?? []
        guard outcome.succeeded, numbers.count >= 2 else {
            return Finding("git", .bad, detail: "not found", hint: "install git 2.38 or newer")
        }
        let isOld = numbers.lexicographicallyPrecedes(oldestGit)
        return Finding(
            "git", isOld ? .bad : .good, detail: String(text), hint: isOld ? "install git 2.38 or newer" : "")
    }

    private static func sandbox() -> Finding {
        let support = SandboxSupport.probe()
        let words = support.words.joined(separator: "; ")
        let hint = "install bubblewrap and allow user namespaces; without a sandbox, set 'sandbox: off' in the plan"
        return switch support.kind {
        case .bubblewrap: Finding("sandbox", .good, detail: words)
        case .landlock, .seatbelt: Finding("sandbox", .warning, detail: words, hint: hint)
        case nil: Finding("sandbox", .bad, detail: words, hint: hint)
        }
    }

    private func folder() -> Finding {
        guard FileManager.default.fileExists(atPath: state.path) else {
            return Finding("state", .good, detail: "\(state.path) (the first run creates it)")
        }
        do {
            try state.make()
            return Finding("state", .good, detail: state.path)
        } catch {
            return Finding("state", .bad, detail: "\(state.path) cannot be used", hint: "\(error)")
        }
    }

    private static func space(at folder: String) -> Finding {
        var path = folder
        while path != "/", !FileManager.default.fileExists(atPath: path) {
            path = (path as NSString).deletingLastPathComponent
        }
        guard let values = try? FileManager.default.attributesOfFileSystem(forPath: path),
            let free = values[.systemFreeSize] as? Int
        else { return Finding("disk", .warning, detail: "free space of \(path) is unknown") }
        let words = "\(ByteCountFormatter.string(fromByteCount: Int64(free), countStyle: .file)) free at \(path)"
        let isLittle = free < littleSpace
        return Finding(
            "disk", isLittle ? .warning : .good, detail: words,
            hint: isLittle
                ? "run 'orchestrate clean', free some space, or set XDG_STATE_HOME to a larger disk" : "")
    }

    private func locks() -> [Finding] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: state.path)) ?? []
        let plans = files.filter { $0.hasSuffix(".lock") }.map { String($0.dropLast(5)) }.sorted()
        var findings: [Finding] = []
        for plan in plans {
            if let owner = RunLock.owner(folder: state.path, plan: plan) {
                findings.append(Finding("lock", .good, detail: "plan '\(plan)' is being run by \(owner)"))
            }
        }
        for lock in repository.branchLocks() {
            findings.append(
                Finding(
                    "lock", .warning,
                    detail: "\(lock.path) exists\(lock.isLeft ? ", left by a killed orchestrate" : "")",
                    hint: lock.isLeft
                        ? "the next 'orchestrate migrate', 'resume', 'land' or 'clean' removes it"
                        : "if no Git process and no run is active, delete it: rm '\(lock.path)'"))
        }
        return findings.isEmpty ? [Finding("locks", .good, detail: "none is held")] : findings
    }

    private func store() -> [Finding] {
        guard FileManager.default.fileExists(atPath: state.store) else {
            return [Finding("store", .good, detail: "none yet")]
        }
        do {
            let store = try EventStore(path: state.store)
            let faults = try store.faults()
            guard faults.isEmpty else {
                return [
                    Finding(
                        "store", .bad, detail: faults.joined(separator: "; "),
                        hint: "move \(state.store) away: a run creates a new one; landed work is on the branches")
                ]
            }
            let stray = try store.strayProjections()
            guard stray.isEmpty else {
                return [
                    Finding(
                        "store", .bad,
                        detail: "tables that disagree with the log: \(stray.joined(separator: ", "))",
                        hint: "run 'orchestrate doctor --rebuild' to rebuild them")
                ]
            }
            let runs = try store.read { try $0.runs() }
            return [
                Finding("store", .good, detail: "\(state.store): \(Count.text(runs.count, "run")), agrees with its log")
            ]
        } catch {
            let lines = "\(error)".split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            return [
                Finding(
                    "store", .bad, detail: lines.first ?? "",
                    hint: lines.dropFirst().first.map { $0.replacingOccurrences(of: "hint: ", with: "") } ?? "")
            ]
        }
    }
}
