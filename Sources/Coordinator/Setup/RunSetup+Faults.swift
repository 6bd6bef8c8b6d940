import Decomposition
import DependencyGraph
import Foundation
import Git
package import Model
import Store

extension RunSetup {
    /// Finds everything in the plan that a run would refuse, without running any of its commands.
    ///
    /// - Throws: `GitError` where the repository cannot be read.
    package func faults() throws -> [PlanFault] {
        var faults: [PlanFault] = []
        do throws(CoordinatorError) { try PromptSource.checkTemplates(of: plan) } catch {
            faults.append(PlanFault(.plan, describing: error))
        }
        let base: ObjectID
        do throws(GitError) { base = try repository.resolve(plan.base) } catch {
            let fault = PlanFault(.base, message: error.message, hint: error.hint)
            guard case .noCommits = error else { return faults + [fault] }
            return faults + [PlanFault(.repository, message: error.message, hint: error.hint)]
        }
        do {
            let start = try startingPoint()
            if let obstacle = try repository.obstacles(in: start.tip, limit: 1).first {
                let error = obstacle.error(repository: repository.location)
                faults.append(PlanFault(.repository, message: error.message, hint: error.hint))
            }
        } catch let error as CoordinatorError {
            faults.append(PlanFault(.integration, describing: error))
        }
        return faults + (try scopeFaults(at: base))
    }

    private func scopeFaults(at base: ObjectID) throws -> [PlanFault] {
        let isMade = FileManager.default.fileExists(atPath: state.path)
        let graph = try RepositoryGraph.load(
            from: repository, commit: base, cachePath: isMade ? state.graphCache : nil)
        let faults = Decomposer(plan, packages: LanguageRegistry.packageRules).faults(of: graph).map(fault)
        return faults + unmatchedGlobs(in: graph, besides: faults)
    }

    private func fault(_ found: DecompositionFault) -> PlanFault {
        guard let stage = found.stage else { return PlanFault(.depends, describing: found.error) }
        if let task = found.task {
            return PlanFault(.task(stage: stage, number: task, entry: found.entry), describing: found.error)
        }
        if plan.stages.count == 1, case .emptyStage = found.error {
            let error = CoordinatorError.emptyScope(plan: plan.name, base: plan.base)
            return PlanFault(.scope(stage: stage, glob: nil), describing: error)
        }
        return PlanFault(.scope(stage: stage, glob: nil), describing: found.error)
    }

    /// Globs of a scope that match no file, next to others that do. A run accepts them.
    private func unmatchedGlobs(in graph: RepositoryGraph, besides faults: [PlanFault]) -> [PlanFault] {
        plan.stages.enumerated().flatMap { number, stage -> [PlanFault] in
            if faults.contains(where: { $0.part == .scope(stage: number, glob: nil) }) { return [] }
            return stage.scope.include.enumerated().compactMap { index, pattern in
                guard let glob = try? Glob(pattern), !graph.files.contains(where: { glob.matches($0.path) }) else {
                    return nil
                }
                return PlanFault(
                    .scope(stage: number, glob: index), severity: .warning,
                    message: "no file of \(plan.base) matches '\(pattern)'",
                    hint: "compare it with the paths that 'git ls-tree -r --name-only \(plan.base)' prints")
            }
        }
    }
}
