package import Model

extension GraphReport {
    /// Why one file depends on another: a shortest chain, a step a line, as `from:line  kind  to`.
    /// - Returns: nil if there is no chain.
    package func chainText(
        from start: RepositoryGraph.FileIndex, to goal: RepositoryGraph.FileIndex, _ layout: Layout
    ) -> String? {
        guard let chain = graph.chain(from: start, to: goal) else { return nil }
        guard !chain.isEmpty else { return "\(TextWidth.safe(path(start))) is the same file\n" }
        var table = TextTable(indent: 0)
        for edge in chain {
            // An edge that the plan added has no line.
            let place = edge.line > 0 ? "\(path(edge.from)):\(edge.line)" : path(edge.from)
            table.add(.init(place), .init(edge.kind.word, .faint), .init(path(edge.to)))
        }
        return table.lines(layout).joined(separator: "\n") + "\n"
    }

    private func path(_ file: RepositoryGraph.FileIndex) -> String { graph.files[Int(file)].path }
}
