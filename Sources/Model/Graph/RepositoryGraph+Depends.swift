extension RepositoryGraph {
    /// Returns the graph with dependencies added and removed, rule by rule.
    ///
    /// An added edge has the kind `.import` and line 0. Applying a rule twice changes only the number of references of
    /// an edge.
    ///
    /// - Throws: `DependsRuleError` for a malformed glob, for an added dependency whose globs match no file, and for a
    ///   rule that would add more than `maximumAddedEdges`.
    package func applying(_ rules: [DependsRule]) throws(DependsRuleError) -> RepositoryGraph {
        guard !rules.isEmpty else { return self }
        var all = edges
        for rule in rules {
            let from = try indices(of: rule.from, in: rule)
            let to = try indices(of: rule.to, in: rule)
            if rule.remove {
                let sources = Set(from)
                let targets = Set(to)
                all.removeAll { sources.contains($0.from) && targets.contains($0.to) }
                continue
            }
            if from.isEmpty { throw DependsRuleError(rule: rule, problem: .noFile(rule.from)) }
            if to.isEmpty { throw DependsRuleError(rule: rule, problem: .noFile(rule.to)) }
            let (count, isTooLarge) = from.count.multipliedReportingOverflow(by: to.count)
            guard !isTooLarge, count <= Self.maximumAddedEdges else {
                throw DependsRuleError(rule: rule, problem: .tooMany(from: from.count, to: to.count))
            }
            for source in from {
                for target in to { all.append(Edge(from: source, to: target, kind: .import, line: 0)) }
            }
        }
        return RepositoryGraph(files: files, edges: all)
    }

    /// The maximum number of edges that one rule may add. A rule such as `**` on both sides would put every file into
    /// one cycle.
    package static let maximumAddedEdges = 100_000

    private func indices(of glob: String, in rule: DependsRule) throws(DependsRuleError) -> [FileIndex] {
        let matcher: Glob
        do throws(GlobError) { matcher = try Glob(glob) } catch {
            throw DependsRuleError(rule: rule, problem: .glob(error))
        }
        return files.indices.filter { matcher.matches(files[$0].path) }.map { FileIndex($0) }
    }
}

/// Why a rule under `depends` cannot be applied.
package struct DependsRuleError: Error, Equatable, CustomStringConvertible {
    package enum Problem: Sendable, Equatable {
        case glob(GlobError)
        /// The glob matches no file.
        case noFile(String)
        /// The number of files that each glob matches.
        case tooMany(from: Int, to: Int)
    }

    package var rule: DependsRule
    package var problem: Problem

    package init(rule: DependsRule, problem: Problem) {
        self.rule = rule
        self.problem = problem
    }

    package var description: String {
        let name = "depends, from '\(rule.from)' to '\(rule.to)'"
        switch problem {
        case .glob(let error): return "\(name): \(error)"
        case .noFile(let glob):
            return "\(name): no file of the base matches '\(glob)': correct or remove the rule"
        case .tooMany(let from, let to):
            return
                "\(name): \(from) times \(to) files make more than \(RepositoryGraph.maximumAddedEdges) dependencies: "
                + "write narrower globs"
        }
    }
}
