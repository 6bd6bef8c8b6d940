package import Model

/// Cuts the work of a plan into tasks of one commit each, stage after stage.
package struct Decomposer: Sendable {
    let plan: Plan
    private let packages: [String: PackageRule]

    /// - Parameter packages: how packages are found, by the name of the language.
    package init(_ plan: Plan, packages: [String: PackageRule]) {
        self.plan = plan
        self.packages = packages
    }

    struct Pass<Subject>: Sendable {
        let name: String
        /// Why the pass has this position in the table.
        let reason: String
        let run: @Sendable (inout Subject) throws(DecompositionError) -> Void
    }

    /// The passes for a stage of strategy `dependency-tree`.
    static let treePasses: [Pass<Draft>] = [
        Pass(
            name: "find cycles",
            reason: "first: cutting and grouping need the files that cannot be ordered",
            run: { draft throws(DecompositionError) in draft.findCycles() }),
        Pass(
            name: "cut cycles",
            reason: "before ordering: a cycle over the limit has no order until some of its edges are removed",
            run: { draft throws(DecompositionError) in draft.cutCycles() }),
        Pass(
            name: "look through",
            reason: "after cutting: dependencies through files outside the scope order pieces, and never cut them",
            run: { draft throws(DecompositionError) in draft.lookThroughFilesOutOfScope() }),
        Pass(
            name: "order",
            reason: "before grouping: a piece joins a group only after its dependencies have their groups",
            run: { draft throws(DecompositionError) in draft.orderPieces() }),
        Pass(
            name: "gather",
            reason: "before grouping: decides which pieces belong together, whatever their order allows",
            run: { draft throws(DecompositionError) in draft.gatherPieces() }),
        Pass(
            name: "group",
            reason: "last: the files of a task decide its dependencies",
            run: { draft throws(DecompositionError) in
                draft.groupPieces()
                draft.linkGroups()
            }),
    ]

    /// The passes for a stage of strategy `list`.
    static let listPasses: [Pass<Draft>] = [
        Pass(
            name: "find files",
            reason: "first: globs become files, each in one task",
            run: { draft throws(DecompositionError) in try draft.findListedFiles() }),
        Pass(
            name: "order",
            reason: "after the files, so that a task without files is reported before an unknown name",
            run: { draft throws(DecompositionError) in try draft.orderListedTasks() }),
    ]

    /// The passes that run once every stage has its groups.
    static let planPasses: [Pass<Assembly>] = [
        Pass(
            name: "name",
            reason: "first: a name is unique over all stages, and everything else refers to tasks by name",
            run: { assembly throws(DecompositionError) in assembly.nameTasks() }),
        Pass(
            name: "join stages",
            reason: "after naming: a gate needs the last tasks of its stage by their names",
            run: { assembly throws(DecompositionError) in assembly.joinStages() }),
        Pass(
            name: "find tests",
            reason: "last: it only adds to tasks that are complete",
            run: { assembly throws(DecompositionError) in assembly.findTests() }),
    ]

    /// - Parameters:
    ///   - graph: the dependency graph of the base commit as scanned. The plan's `depends` are applied here.
    ///   - listed: by position of the stage, the tasks printed by the command of a stage of strategy `list`.
    /// - Returns: the tasks; empty if a plan's only stage has no file in scope.
    /// - Throws: `DecompositionError` for errors that depend on the base.
    package func tasks(
        of graph: RepositoryGraph, listed: [Int: [ListedTask]] = [:]
    ) throws(DecompositionError) -> TaskList {
        let graph = try applyingDepends(to: graph)
        var assembly = Assembly(graph: graph, plan: plan)
        for (number, stage) in plan.stages.enumerated() {
            var draft = Draft(
                graph: graph, stage: stage, packages: packages, inScope: try Self.inScope(stage, graph),
                whole: assembly.wholeComponent, listed: try Self.list(of: stage, fetched: listed[number]))
            switch stage.decompose.strategy {
            case .dependencyTree: for pass in Self.treePasses { try pass.run(&draft) }
            case .list: for pass in Self.listPasses { try pass.run(&draft) }
            case .scaffold: throw DecompositionError.scaffoldNotExpanded(stage: stage.name)
            }
            if draft.groups.isEmpty, stage.decompose.strategy == .dependencyTree, plan.stages.count > 1 {
                throw DecompositionError.emptyStage(stage.name)
            }
            assembly.add(draft)
        }
        for pass in Self.planPasses { try pass.run(&assembly) }
        return assembly.list
    }

    /// Returns everything that `tasks` would refuse of a plan on this base. Stages whose tasks a command lists are left
    /// out.
    package func faults(of graph: RepositoryGraph) -> [DecompositionFault] {
        var faults: [DecompositionFault] = []
        do throws(DecompositionError) { _ = try applyingDepends(to: graph) } catch {
            faults.append(DecompositionFault(error: error))
        }
        for (number, stage) in plan.stages.enumerated() {
            guard let inScope = try? Self.inScope(stage, graph) else { continue }
            guard stage.decompose.strategy == .list else {
                if !inScope.contains(true) {
                    faults.append(DecompositionFault(error: .emptyStage(stage.name), stage: number))
                }
                continue
            }
            guard case .written(let tasks)? = stage.decompose.list else { continue }
            var draft = Draft(
                graph: graph, stage: stage, packages: packages, inScope: inScope, whole: [], listed: tasks)
            faults += draft.assignListedFiles(withSizes: false).map { fault in
                var fault = fault
                fault.stage = number
                return fault
            }
        }
        return faults
    }

    private func applyingDepends(to graph: RepositoryGraph) throws(DecompositionError) -> RepositoryGraph {
        do throws(DependsRuleError) { return try graph.applying(plan.depends) } catch {
            throw DecompositionError.depends(error)
        }
    }

    /// Returns which files a stage may change. What a link points to is a file of its own, and a submodule is another
    /// repository.
    private static func inScope(_ stage: Stage, _ graph: RepositoryGraph) throws(DecompositionError) -> [Bool] {
        do throws(GlobError) {
            let include = try GlobSet(stage.scope.include)
            let exclude = try GlobSet(stage.scope.exclude)
            let takesAll = stage.decompose.strategy == .list
            return graph.files.map { file in
                (takesAll || !stage.scope.leavesOut(file)) && file.traits.isDisjoint(with: .noFile)
                    && include.matches(file.path) && !exclude.matches(file.path)
            }
        } catch {
            throw DecompositionError.glob(error, stage: stage.name)
        }
    }

    private static func list(of stage: Stage, fetched: [ListedTask]?) throws(DecompositionError) -> [ListedTask] {
        guard stage.decompose.strategy == .list else { return [] }
        switch stage.decompose.list {
        case .written(let tasks): return tasks
        case .command:
            guard let fetched else { throw DecompositionError.listNotFetched(stage: stage.name) }
            return fetched
        case nil: throw DecompositionError.listNotFetched(stage: stage.name)
        }
    }
}
