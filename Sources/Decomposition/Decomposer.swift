package import Model

/// Cuts the files in scope into tasks that each fit one commit, least-dependent first.
package struct Decomposer: Sendable {
    let rules: DecomposeRules

    package init(_ rules: DecomposeRules) { self.rules = rules }

    struct Pass: Sendable {
        let name: String
        /// Why it stands where it stands in the table.
        let reason: String
        let run: @Sendable (inout Draft) -> Void
    }

    static let passes: [Pass] = [
        Pass(
            name: "find cycles",
            reason: "first: whatever cuts or groups has to know which files cannot be ordered",
            run: { $0.findCycles() }),
        Pass(
            name: "cut cycles",
            reason: "before ordering: a cycle over the limit has no order until some of its edges are left out",
            run: { $0.cutCycles() }),
        Pass(
            name: "look through",
            reason: "after cutting: what is reached through files outside the scope orders pieces, and never cuts them",
            run: { $0.lookThroughFilesOutOfScope() }),
        Pass(
            name: "order",
            reason: "before grouping: runs of one order may be grouped freely without making a new cycle",
            run: { $0.orderPieces() }),
        Pass(
            name: "group",
            reason: "after ordering, and before naming: a group is named after its files",
            run: { $0.groupPieces() }),
        Pass(
            name: "name and link",
            reason: "last: tasks and what they depend on are known only now",
            run: { $0.nameAndLink() }),
    ]

    /// - Parameters:
    ///   - graph: the dependency graph of the base commit.
    ///   - isInScope: whether the plan is about a file.
    package func tasks(of graph: RepositoryGraph, where isInScope: (RepositoryGraph.File) -> Bool) -> TaskList {
        var draft = Draft(graph: graph, rules: rules, inScope: graph.files.map(isInScope))
        for pass in Self.passes { pass.run(&draft) }
        return draft.list
    }
}
