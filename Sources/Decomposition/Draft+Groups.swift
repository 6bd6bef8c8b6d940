import Model

extension Draft {
    /// Assigns each piece to its directory, package or cluster, by the unit of the plan.
    mutating func gatherPieces() {
        switch rules.unit {
        case .file, .directory: belongsTo = numbered { String(directory(of: $0)) }
        case .package:
            var roots = PackageRoots(of: graph, rules: packages)
            belongsTo = numbered { roots.root(of: $0) }
        case .cluster: belongsTo = clusters()
        }
    }

    /// Numbers the names of pieces in the order of their first use.
    private func numbered(by name: (Int) -> String) -> [Int] {
        var numbers: [String: Int] = [:]
        return pieces.map { piece in
            let name = name(piece.files[0])
            if let known = numbers[name] { return known }
            numbers[name] = numbers.count
            return numbers.count - 1
        }
    }

    /// Puts pieces that belong together into one task, within the limits and their order.
    ///
    /// Groups are numbered in the order of work. A piece joins only a group whose number is at least that of every
    /// group it needs. So every dependency points backwards, and no cycle can arise.
    mutating func groupPieces() {
        var groupOf = [Int](repeating: -1, count: pieces.count)
        var sizes: [Size] = []
        /// By directory, package or cluster: the groups with room, ascending.
        var open = [[Int]](repeating: [], count: (belongsTo.max() ?? -1) + 1)
        for piece in order {
            let size = size(of: pieces[piece].files)
            let earliest = needs[piece].reduce(0) { max($0, groupOf[$1]) }
            let candidates = open[belongsTo[piece]]
            let chosen = candidates.first {
                $0 >= earliest && (sizes[$0] + size).fits(rules, files: rules.maxFiles)
            }
            if let chosen {
                groups[chosen].pieces.append(piece)
                sizes[chosen] += size
                groupOf[piece] = chosen
                if sizes[chosen].files >= rules.maxFiles { open[belongsTo[piece]].removeAll { $0 == chosen } }
            } else {
                groupOf[piece] = groups.count
                groups.append(Group(pieces: [piece]))
                sizes.append(size)
                if size.files < rules.maxFiles { open[belongsTo[piece]].append(groups.count - 1) }
                if candidates.count >= Self.groupsTried { open[belongsTo[piece]].removeFirst() }
            }
        }
    }

    /// The number of groups with room that a piece is tried in. Keeps the time linear where groups never fill up.
    private static let groupsTried = 16

    /// Fills in the files and dependencies of each group, and the dependencies that the order ignores.
    mutating func linkGroups() {
        var groupOf = [Int](repeating: -1, count: pieces.count)
        for (number, group) in groups.enumerated() {
            for piece in group.pieces { groupOf[piece] = number }
        }
        var needed = groups.map { group in Set(group.pieces.flatMap { needs[$0] }.map { groupOf[$0] }) }
        for edge in graph.edges {
            let from = pieceOf[Int(edge.from)]
            let to = pieceOf[Int(edge.to)]
            // This edge was left out when a cycle was cut. The order of the groups may respect it after all.
            guard from != -1, to > from else { continue }
            if groupOf[to] <= groupOf[from] {
                needed[groupOf[from]].insert(groupOf[to])
            } else {
                ignoredEdges.append(
                    .init(
                        from: graph.files[Int(edge.from)].path, to: graph.files[Int(edge.to)].path, kind: edge.kind,
                        line: edge.line))
            }
        }
        for number in groups.indices {
            let members = groups[number].pieces
            groups[number].files = members.flatMap { pieces[$0].files }.sorted()
            groups[number].paths = groups[number].files.map { graph.files[$0].path }
            groups[number].needs = needed[number].subtracting([number]).sorted()
            groups[number].cycle = members.map { pieces[$0].cycle }.max() ?? 1
        }
    }
}
