/// The division of pieces of work into branches, and the stacks that their dependencies demand. Pure.
///
/// A branch holds pieces with one key. Branches that need each other in a circle are divided, so that the branches form a
/// forest: each starts from the target, or from the branch below it.
struct BranchCut {
    struct Piece: Sendable {
        var key: String
        /// Positions of earlier pieces that must be below it.
        var needs: Set<Int>
    }

    struct Part: Sendable {
        var key: String
        /// Positions of its pieces, in order.
        var pieces: [Int]
        /// Other parts that must be below it.
        var needs: Set<Int> = []
        /// The part that it is stacked on; nil for none.
        var parent: Int?
    }

    private(set) var parts: [Part] = []

    /// - Parameter pieces: in the order in which they landed.
    init(_ pieces: [Piece]) {
        var partOf: [Int] = []
        var known: [String: [Int]] = [:]
        for (position, piece) in pieces.enumerated() {
            let needs = Set(piece.needs.map { partOf[$0] })
            let fitting = known[piece.key, default: []].first { candidate in
                needs.allSatisfy { $0 == candidate || !reaches(from: $0, candidate) }
            }
            let chosen = fitting ?? parts.count
            if fitting == nil {
                parts.append(Part(key: piece.key, pieces: []))
                known[piece.key, default: []].append(chosen)
            }
            parts[chosen].pieces.append(position)
            parts[chosen].needs.formUnion(needs.subtracting([chosen]))
            partOf.append(chosen)
        }
        stack()
    }

    /// Makes one stack of all pieces in their order; neighbours with the same key share a branch.
    init(inOrder pieces: [Piece]) {
        for (position, piece) in pieces.enumerated() {
            if parts.last?.key == piece.key {
                parts[parts.count - 1].pieces.append(position)
            } else {
                let below = parts.isEmpty ? nil : parts.count - 1
                var part = Part(key: piece.key, pieces: [position], needs: below.map { [$0] } ?? [])
                part.parent = below
                parts.append(part)
            }
        }
    }

    /// The parts in an order in which each comes after the part that it is stacked on.
    var order: [Int] {
        var children: [Int: [Int]] = [:]
        for (part, value) in parts.enumerated() { children[value.parent ?? -1, default: []].append(part) }
        var order: [Int] = []
        var open = children[-1, default: []].reversed() as [Int]
        while let next = open.popLast() {
            order.append(next)
            open += children[next, default: []].reversed()
        }
        return order
    }

    /// Stacks a part on all parts that do not need it.
    mutating func stackOnAll(_ part: Int) {
        for other in parts.indices where other != part && !reaches(from: other, part) {
            parts[part].needs.insert(other)
        }
        stack()
    }

    private func reaches(from start: Int, _ goal: Int) -> Bool {
        var seen: Set<Int> = [start]
        var open = [start]
        while let next = open.popLast() {
            if next == goal { return true }
            for need in parts[next].needs where seen.insert(need).inserted { open.append(need) }
        }
        return false
    }

    /// Gives each part its place in a stack.
    ///
    /// A part that needs several others needs them on one path below it. If they are on two, the upper part of one path is
    /// put on top of the other.
    private mutating func stack() {
        for part in parts.indices { parts[part].parent = nil }
        for part in orderOfNeeds {
            var base: Int?
            for need in parts[part].needs.sorted() {
                guard let below = base, below != need, !isAncestor(need, of: below) else {
                    base = base ?? need
                    continue
                }
                if !isAncestor(below, of: need) {
                    var top = need
                    while let up = parts[top].parent, up != below, !isAncestor(up, of: below) { top = up }
                    parts[top].parent = below
                }
                base = need
            }
            parts[part].parent = base
        }
    }

    private func isAncestor(_ part: Int, of other: Int) -> Bool {
        var next = parts[other].parent
        while let found = next {
            if found == part { return true }
            next = parts[found].parent
        }
        return false
    }

    /// The parts in the order of landing: a part comes after all parts that it needs.
    private var orderOfNeeds: [Int] {
        var missing = parts.map(\.needs.count)
        var dependents: [Int: [Int]] = [:]
        for (part, value) in parts.enumerated() {
            for need in value.needs { dependents[need, default: []].append(part) }
        }
        var ready = parts.indices.filter { missing[$0] == 0 }
        var order: [Int] = []
        while !ready.isEmpty {
            let first = ready.indices.min { parts[ready[$0]].pieces[0] < parts[ready[$1]].pieces[0] } ?? 0
            let part = ready.remove(at: first)
            order.append(part)
            for dependent in dependents[part, default: []] {
                missing[dependent] -= 1
                if missing[dependent] == 0 { ready.append(dependent) }
            }
        }
        return order
    }
}
