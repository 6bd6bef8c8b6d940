import Foundation
import Git
import Jobs
package import Model

extension Diagnosis {
    /// Names that one finding lists.
    private static let listed = 5

    /// What commits of a run need: a name, and an answer to whether they are signed.
    func commits(of repository: Repository) -> [Finding] {
        var findings: [Finding] = []
        if let identity = try? repository.configIdentity() {
            findings.append(Finding("identity", .good, detail: "\(identity.name) <\(identity.email)>"))
        } else {
            findings.append(
                Finding(
                    "identity", .warning, detail: "user.name or user.email is not set",
                    hint: "git config --global user.name NAME && git config --global user.email ADDRESS"))
        }
        if (try? repository.signsCommits()) ?? false {
            findings.append(
                Finding(
                    "signing", .warning, detail: "commit.gpgsign is set, and a run signs only if its plan says so",
                    hint: "write 'commit: {sign: true}' in the plan"))
        }
        return findings
    }

    /// The submodules of HEAD; none without a submodule.
    func submodules(of repository: Repository) -> [Finding] {
        guard let commit = try? repository.resolve("HEAD"), let tree = try? repository.treeOf(commit),
            let entries = try? repository.files(inTree: tree).entries
        else { return [] }
        let paths = entries.filter { $0.mode == .submodule }.map(\.path)
        guard !paths.isEmpty else { return [] }
        let missing = paths.filter { path in
            guard let checkout = repository.workingDirectory else { return false }
            return !FileManager.default.fileExists(atPath: "\(checkout)/\(path)/.git")
        }
        let isGood = missing.isEmpty
        return [
            Finding(
                "submodules", isGood ? .good : .warning,
                detail: isGood ? Self.list(paths) : "not checked out: \(Self.list(missing))",
                hint: isGood ? "" : "git submodule update --init --recursive")
        ]
    }

    /// Whether the programs of a plan are there.
    package static func programs(of plan: Plan, environment: [String: String]) -> Finding {
        let missing = PlanPrograms(plan, environment: BaseEnvironment(coordinator: environment)).missing()
        guard !missing.isEmpty else {
            return Finding("programs", .good, detail: "those of plan '\(plan.name)' are in PATH")
        }
        return Finding(
            "programs", .bad, detail: "not in PATH: \(list(missing))",
            hint: "install them, or correct the commands of plan '\(plan.name)'")
    }

    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(listed).joined(separator: ", ")
        return names.count > listed ? "\(shown) and \(names.count - listed) more" : shown
    }
}
