import Model

extension Draft {
    /// Files outside the scope that are looked through for one file: the nearest ones matter, and the cost stays
    /// linear however large the rest of the repository is.
    private static let outsideLimit = 256

    /// What each piece needs: the pieces it reaches directly, or through files that are not migrated.
    ///
    /// Pieces are numbered in an order of work, so a need points backwards; an edge that points forwards is one
    /// that was left out when its cycle was cut.
    mutating func lookThroughFilesOutOfScope() {
        needs = pieces.indices.map { piece in
            var found: Set<Int> = []
            for file in pieces[piece].files { collectNeeds(of: file, piece: piece, &found) }
            return found.sorted()
        }
    }

    private func collectNeeds(of file: Int, piece: Int, _ found: inout Set<Int>) {
        var seen: Set<Int> = []
        var queue = [file]
        var place = 0
        while place < queue.count {
            let node = queue[place]
            place += 1
            for target in graph.edges(from: Int32(node)).lazy.map({ Int($0.to) }) {
                if inScope[target] {
                    // Through files outside the scope two pieces may reach each other; then neither waits.
                    let counts = node == file || wholeComponent[target] < wholeComponent[file]
                    if counts, pieceOf[target] < piece { found.insert(pieceOf[target]) }
                } else if seen.count < Self.outsideLimit, seen.insert(target).inserted {
                    queue.append(target)
                }
            }
        }
    }

    /// An order of the pieces that stays in one directory as long as it can, so that grouping finds neighbours.
    ///
    /// Kahn's algorithm with the open pieces sorted by directory.
    mutating func orderPieces() {
        var open = needs.map(\.count)
        var wantedBy = [[Int]](repeating: [], count: pieces.count)
        for (piece, needed) in needs.enumerated() {
            for other in needed { wantedBy[other].append(piece) }
        }
        var free = FreePieces()
        for piece in pieces.indices where open[piece] == 0 { free.insert(piece, key(piece)) }
        while let piece = free.next() {
            order.append(piece)
            for other in wantedBy[piece] {
                open[other] -= 1
                if open[other] == 0 { free.insert(other, key(other)) }
            }
        }
    }

    private func key(_ piece: Int) -> String { String(directory(of: pieces[piece].files[0])) }
}

/// Pieces that may come next, in the order of arrival, first those of the directory last taken from.
private struct FreePieces {
    private struct Queue {
        var pieces: [Int] = []
        var taken = 0
    }

    private var queues: [String: Queue] = [:]
    /// Directories in the order in which they got a piece; one may stand here more than once.
    private var directories: [String] = []
    private var visited = 0
    private var current: String?

    mutating func insert(_ piece: Int, _ directory: String) {
        let queue = queues[directory] ?? Queue()
        if queue.taken == queue.pieces.count { directories.append(directory) }
        queues[directory, default: Queue()].pieces.append(piece)
    }

    mutating func next() -> Int? {
        if let current, let piece = take(from: current) { return piece }
        while visited < directories.count {
            let directory = directories[visited]
            visited += 1
            guard let piece = take(from: directory) else { continue }
            current = directory
            return piece
        }
        return nil
    }

    private mutating func take(from directory: String) -> Int? {
        guard let queue = queues[directory], queue.taken < queue.pieces.count else { return nil }
        queues[directory]?.taken += 1
        return queue.pieces[queue.taken]
    }
}
