import Model

extension GraphReport {
    /// Rows of a list in the summary; `--format json` has all rows.
    private static let listed = 10

    /// The summary for people.
    func text(_ layout: Layout) -> String {
        let shape = graph.shape(hubs: Self.listed)
        let headline =
            "\(TextWidth.safe(name)) at \(commit.short): \(Count.text(graph.files.count, "file")), "
            + Count.text(graph.edges.count, "edge")
        var lines = [layout.style.paint(layout.fit(headline), .heading)]
        lines += Section.lines("languages", layout, rows: languageRows())
        lines += Section.lines("edges", layout, rows: kindRows())
        lines += taskLines(layout)
        lines += cycleLines(shape, layout)
        lines += Section.lines("waves: \(shape.waves.count)", layout, rows: waveRows(shape), limit: Self.listed)
        lines += Section.lines(
            "deepest chain: \(Count.text(shape.deepestChain.count, "file"))", layout, rows: chainRows(shape))
        lines += Section.lines(
            "hubs", layout,
            rows: shape.hubs.map { [.init("\($0.dependents)"), .init(path($0.file))] })
        return lines.joined(separator: "\n") + "\n"
    }

    private func path(_ file: RepositoryGraph.FileIndex) -> String { graph.files[Int(file)].path }

    /// Files and lines by language, most files first. Files without a scanner come last.
    private func languageRows() -> [[TextTable.Cell]] {
        var sums: [String: (files: Int, lines: Int)] = [:]
        var unscanned = 0
        for file in graph.files {
            guard let language = file.language else {
                unscanned += 1
                continue
            }
            sums[language, default: (0, 0)].files += 1
            sums[language, default: (0, 0)].lines += file.lines
        }
        let rows = sums.sorted { ($1.value.files, $0.key) < ($0.value.files, $1.key) }.map { name, sum in
            [TextTable.Cell(name), .init(Count.text(sum.files, "file")), .init(Count.text(sum.lines, "line"))]
        }
        guard unscanned > 0 else { return rows }
        return rows + [[.init("not scanned", .faint), .init(Count.text(unscanned, "file"))]]
    }

    private func kindRows() -> [[TextTable.Cell]] {
        var counts = [Int](repeating: 0, count: RepositoryGraph.EdgeKind.allCases.count)
        for edge in graph.edges { counts[Int(edge.kind.rawValue)] += 1 }
        return RepositoryGraph.EdgeKind.allCases.sorted(by: >).compactMap { kind in
            let count = counts[Int(kind.rawValue)]
            return count > 0 ? [.init(kind.word), .init("\(count)")] : nil
        }
    }

    private func taskLines(_ layout: Layout) -> [String] {
        guard let tasks else { return [] }
        let counts = Dictionary(grouping: tasks.entries) { $0.state }.mapValues(\.count)
        var rows = TaskState.reported.compactMap { state -> [TextTable.Cell]? in
            counts[state].map { [.init(state.words, state.role), .init("\($0)")] }
        }
        if let count = counts[nil] { rows.append([.init("not started"), .init("\(count)")]) }
        return Section.lines("tasks of \(tasks.run?.rawValue ?? tasks.plan)", layout, rows: rows)
    }

    /// The largest cycle with its members, and the first members of the others.
    private func cycleLines(_ shape: RepositoryGraph.Shape, _ layout: Layout) -> [String] {
        guard let largest = shape.cycles.first else { return Section.lines("cycles", layout, rows: [[.init("none")]]) }
        let files = shape.cycles.reduce(0) { $0 + $1.count }
        let title = "cycles: \(shape.cycles.count), with \(Count.text(files, "file")) in total"
        let members = largest.map { [TextTable.Cell(path($0))] }
        guard shape.cycles.count > 1 else {
            return Section.lines("\(title); its members", layout, rows: members, limit: Section.listed)
        }
        let others = shape.cycles.dropFirst().map { members in
            [
                TextTable.Cell(Count.text(members.count, "file")),
                .init(members.prefix(2).map(path).joined(separator: ", ")),
            ]
        }
        return Section.lines("\(title); the largest, of \(largest.count)", layout, rows: members, limit: Section.listed)
            + Section.lines("other cycles, and their first files", layout, rows: others, limit: Self.listed)
    }

    private func waveRows(_ shape: RepositoryGraph.Shape) -> [[TextTable.Cell]] {
        shape.waves.enumerated().map { number, files in
            let first = files.prefix(2).map(path).joined(separator: ", ")
            return [
                .init("\(number + 1)"), .init(Count.text(files.count, "file")),
                .init(files.count > 2 ? first + ", …" : first, .faint),
            ]
        }
    }

    private func chainRows(_ shape: RepositoryGraph.Shape) -> [[TextTable.Cell]] {
        let chain = shape.deepestChain.map(path)
        guard chain.count > Section.listed else { return chain.map { [.init($0)] } }
        let half = Section.listed / 2
        return chain.prefix(half).map { [.init($0)] }
            + [[.init("… \(chain.count - 2 * half) more …", .faint)]] + chain.suffix(half).map { [.init($0)] }
    }
}
