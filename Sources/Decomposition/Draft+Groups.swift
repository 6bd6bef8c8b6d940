import Model

extension Draft {
    /// Says which pieces belong together, by the unit of the plan.
    mutating func gatherPieces() {
        switch rules.unit {
        case .file, .directory: belongsTo = numbered { String(directory(of: $0)) }
        case .package:
            var roots = PackageRoots(of: graph, rules: packages)
            belongsTo = numbered { roots.root(of: $0) }
        case .cluster: belongsTo = clusters()
        }
    }

    /// The number of each piece's name, given in the order in which the names are met.
    private func numbered(by name: (Int) -> String) -> [Int] {
        var numbers: [String: Int] = [:]
        return pieces.map { piece in
            let name = name(piece.files[0])
            if let known = numbers[name] { return known }
            numbers[name] = numbers.count
            return numbers.count - 1
        }
    }

    /// Puts pieces that belong together into one task as far as the limits and their order go.
    ///
    /// Groups are numbered in the order of work, and a piece joins one whose number is no smaller than that of any
    /// group it needs. So every need points backwards, and no cycle can come of it.
    mutating func groupPieces() {
        var groupOf = [Int](repeating: -1, count: pieces.count)
        var sizes: [Size] = []
        /// By what they hold, the groups that have had room, ascending.
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

    /// Groups with room that a piece is tried in, so that the time stays linear where no group ever fills up.
    private static let groupsTried = 16

    /// Says what each group holds and needs, and which dependencies its order does not respect.
    mutating func linkGroups() {
        var groupOf = [Int](repeating: -1, count: pieces.count)
        for (number, group) in groups.enumerated() {
            for piece in group.pieces { groupOf[piece] = number }
        }
        var needed = groups.map { group in Set(group.pieces.flatMap { needs[$0] }.map { groupOf[$0] }) }
        for edge in graph.edges {
            let from = pieceOf[Int(edge.from)]
            let to = pieceOf[Int(edge.to)]
            // Left out when a cycle was cut; the groups may have come to lie so that it can be respected after all.
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
