import Foundation
package import Model

/// A plan that can be run.
package struct LoadedPlan: Sendable, Equatable {
    package let plan: Plan
    /// Warnings: allowed, but probably not intended.
    package let warnings: [Diagnostic]
    /// Absolute path of the plan's file.
    package let path: String
    /// Absolute path of the plan's playbook; nil without one.
    package let playbook: String?
    let places: PlanPlaces
}

/// Reads a plan and its workers, and finds all problems in one pass.
package enum PlanLoader {
    /// - Parameters:
    ///   - path: the plan's file, absolute or relative to the current folder. Diagnostics show it as given.
    ///   - override: a repository that replaces the plan's, relative to the current folder.
    ///   - fallback: a repository for a plan that names none, relative to the current folder.
    ///   - workerFolders: folders that contain one folder for each worker. The first folder with the worker wins.
    package static func load(
        path: String, repository override: String? = nil, fallback: String? = nil, workerFolders: [String] = []
    ) -> Result<LoadedPlan, PlanProblems> {
        switch SourceFile.read(path, shown: path) {
        case .failure(let refusal): return .failure(PlanProblems([refusal.diagnostic]))
        case .success(let text):
            return decode(text, path: path, repository: override, fallback: fallback, workerFolders: workerFolders)
        }
    }

    /// Reads the text of a plan that is not in a file yet.
    ///
    /// - Parameter path: where the file will be.
    package static func load(
        text: String, path: String, workerFolders: [String] = []
    ) -> Result<LoadedPlan, PlanProblems> {
        decode(text, path: path, repository: nil, workerFolders: workerFolders)
    }

    /// Returns whether a plan may have a key at its top.
    package static func knows(key: String) -> Bool {
        PlanKeys.kind.keys.contains { $0.name == key } && Unsupported.plan.keys[key] == nil
    }

    /// Returns the problem of a text as the name of a plan; nil for a valid name.
    package static func problem(ofName name: String) -> String? {
        name.isEmpty ? "the name is empty" : BranchName.partProblem(with: name)?.message
    }

    static func decode(
        _ text: String, path: String, repository override: String?, fallback: String? = nil, workerFolders: [String]
    ) -> Result<LoadedPlan, PlanProblems> {
        let (draft, findings) = SourceDocument.decode(text, file: path, as: PlanKeys.kind, unsupported: .plan)
        let absolute = URL(fileURLWithPath: path).standardizedFileURL.path
        guard let draft else { return .failure(PlanProblems(findings.diagnostics)) }
        var resolver = PlanResolver(findings: findings, planPath: absolute, workerFolders: workerFolders)
        let plan = resolver.resolve(draft, repository: draft.namesRepository ? override : override ?? fallback)
        let problems = PlanProblems(findings.diagnostics + resolver.workerDiagnostics)
        guard let plan, !problems.diagnostics.contains(where: { $0.severity == .error }) else {
            return .failure(problems)
        }
        return .success(
            LoadedPlan(
                plan: plan, warnings: problems.diagnostics, path: absolute, playbook: resolver.playbookPath(of: draft),
                places: resolver.places(of: draft)))
    }
}

extension SourceDocument {
    /// Parses a text and reads it as one value.
    static func decode<Value>(
        _ text: String, file: String, as kind: Kind<Value>, unsupported: Unsupported
    ) -> (value: Value?, findings: Findings) {
        let lines = SourceLines(text)
        let findings = Findings(file: file, lines: lines)
        guard let root = SourceDocument(text, lines: lines, findings: findings).read() else { return (nil, findings) }
        return (kind.read(root, ReadingContext(findings: findings, unsupported: unsupported)), findings)
    }
}
