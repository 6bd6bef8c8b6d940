import Model

extension Draft {
    /// Neighbours in the order of work become one task as far as the limits go, inside one directory.
    mutating func groupPieces() {
        var current: [Int] = []
        for piece in order {
            if let last = current.last, directory(of: pieces[last].files[0]) == directory(of: pieces[piece].files[0]),
                fitsInOneTask(current + [piece])
            {
                current.append(piece)
            } else {
                if !current.isEmpty { groups.append(current) }
                current = [piece]
            }
        }
        if !current.isEmpty { groups.append(current) }
    }

    private func fitsInOneTask(_ group: [Int]) -> Bool {
        let files = group.flatMap { pieces[$0].files }
        if let maxLines = rules.maxLines, lines(of: files) > maxLines { return false }
        return files.count <= rules.maxFiles
    }

    mutating func nameAndLink() {
        var groupOf = [Int](repeating: -1, count: pieces.count)
        for (group, members) in groups.enumerated() {
            for piece in members { groupOf[piece] = group }
        }
        var names = TaskNames()
        let ids = groups.map { group in
            let paths = group.flatMap { pieces[$0].files }.map { graph.files[$0].path }.sorted()
            let isCycle = group.count == 1 && pieces[group[0]].cycle > 1 && paths.count > 1
            return names.id(for: paths, isCycle: isCycle)
        }
        let fan = fanCounts(groupOf)
        list.tasks = groups.enumerated().map { number, group in
            let files = group.flatMap { pieces[$0].files }
            let needed = Set(group.flatMap { needs[$0] }.map { groupOf[$0] }).subtracting([number])
            let paths = files.map { graph.files[$0].path }.sorted()
            return MigrationTask(
                id: ids[number], title: title(paths), files: paths, dependencies: needed.map { ids[$0] }.sorted(),
                figures: .init(
                    lines: lines(of: files), fanIn: fan.into[number], fanOut: fan.out[number],
                    cycle: group.map { pieces[$0].cycle }.max() ?? 1))
        }
    }

    private func title(_ paths: [String]) -> String {
        paths.count == 1 ? paths[0] : "\(paths[0]) and \(paths.count - 1) more"
    }

    /// For each task, the files outside it that depend on it, and the files outside it that it depends on.
    private func fanCounts(_ groupOf: [Int]) -> (into: [Int], out: [Int]) {
        var into = [Set<Int32>](repeating: [], count: groups.count)
        var out = into
        for edge in graph.edges {
            let from = pieceOf[Int(edge.from)] == -1 ? -1 : groupOf[pieceOf[Int(edge.from)]]
            let to = pieceOf[Int(edge.to)] == -1 ? -1 : groupOf[pieceOf[Int(edge.to)]]
            guard from != to else { continue }
            if from != -1 { out[from].insert(edge.to) }
            if to != -1 { into[to].insert(edge.from) }
        }
        return (into.map(\.count), out.map(\.count))
    }
}
