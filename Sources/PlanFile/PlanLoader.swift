import Foundation
package import Model

/// A plan that can be run.
package struct LoadedPlan: Sendable, Equatable {
    package let plan: Plan
    /// What is allowed and probably not meant.
    package let warnings: [Diagnostic]
    /// Absolute path of the plan's file.
    package let path: String
}

/// Reads a plan and everything it names, and finds all that is wrong with it in one pass.
package enum PlanLoader {
    /// - Parameters:
    ///   - path: the plan's file, absolute or relative to the current folder; diagnostics show it as given.
    ///   - override: a repository that takes the place of the plan's, relative to the current folder.
    ///   - workerFolders: folders that hold one folder for each worker; the first that has a worker wins.
    package static func load(
        path: String, repository override: String? = nil, workerFolders: [String] = []
    ) -> Result<LoadedPlan, PlanProblems> {
        switch SourceFile.read(path, shown: path) {
        case .failure(let refusal): return .failure(PlanProblems([refusal.diagnostic]))
        case .success(let text):
            return decode(text, path: path, repository: override, workerFolders: workerFolders)
        }
    }

    static func decode(
        _ text: String, path: String, repository override: String?, workerFolders: [String]
    ) -> Result<LoadedPlan, PlanProblems> {
        let (draft, findings) = SourceDocument.decode(text, file: path, as: PlanKeys.kind, notYet: .plan)
        let absolute = URL(fileURLWithPath: path).standardizedFileURL.path
        guard let draft else { return .failure(PlanProblems(findings.diagnostics)) }
        var resolver = PlanResolver(findings: findings, planPath: absolute, workerFolders: workerFolders)
        let plan = resolver.resolve(draft, repository: override)
        let problems = PlanProblems(findings.diagnostics + resolver.workerDiagnostics)
        guard let plan, !problems.diagnostics.contains(where: { $0.severity == .error }) else {
            return .failure(problems)
        }
        return .success(LoadedPlan(plan: plan, warnings: problems.diagnostics, path: absolute))
    }
}

extension SourceDocument {
    /// Parses a text and reads it as one value.
    static func decode<Value>(
        _ text: String, file: String, as kind: Kind<Value>, notYet: NotYet
    ) -> (value: Value?, findings: Findings) {
        let lines = SourceLines(text)
        let findings = Findings(file: file, lines: lines)
        guard let root = SourceDocument(text, lines: lines, findings: findings).read() else { return (nil, findings) }
        return (kind.read(root, ReadingContext(findings: findings, notYet: notYet)), findings)
    }
}
