import Model
import Testing

@testable import Decomposition

private func sizes(_ lines: [Int]) -> [Size] {
    lines.map { Size(RepositoryGraph.File(path: "a", language: nil, lines: $0, bytes: 4)) }
}

private func edges(_ list: [(from: Int, to: Int, weight: Int)]) -> [CycleCut.Edge] {
    list.map { CycleCut.Edge(from: $0.from, to: $0.to, weight: $0.weight) }
}

@Suite struct CutLevelTests {
    private func level(
        _ list: [(from: Int, to: Int, weight: Int)], lines: [Int], most: Int, rules: DecomposeRules = DecomposeRules(),
        isSorted: Bool = false
    ) -> CutLevel {
        CutLevel(sizes: sizes(lines), edges: edges(list), rules: rules, mostFiles: most, isSorted: isSorted)
    }

    @Test func `a sorted start has the nodes with the most dependents first`() {
        let list = [(from: 0, to: 2, weight: 1), (from: 1, to: 2, weight: 1)]
        #expect(level(list, lines: [1, 1, 1], most: 3, isSorted: true).order.items == [2, 0, 1])
        #expect(level(list, lines: [1, 1, 1], most: 3).order.items == [0, 1, 2])
    }

    @Test func `sifting moves each node behind what it needs`() throws {
        let list = [(from: 0, to: 1, weight: 1), (from: 1, to: 2, weight: 1), (from: 0, to: 3, weight: 1)]
        var cut = level(list, lines: [1, 1, 1, 1], most: 4)
        cut.sift()
        let items = cut.order.items
        #expect(items.sorted() == [0, 1, 2, 3])
        for edge in list {
            let from = try #require(items.firstIndex(of: edge.from))
            #expect(try #require(items.firstIndex(of: edge.to)) < from)
        }
    }

    @Test func `a run holds both ends of the heaviest edge against the order`() {
        let list = [(from: 1, to: 2, weight: 10), (from: 0, to: 1, weight: 1), (from: 2, to: 3, weight: 1)]
        #expect(level(list, lines: [1, 1, 1, 1], most: 2).runs() == [[0], [1, 2], [3]])
    }

    @Test func `runs without edges are as few as the limits allow`() {
        let runs = level([], lines: [1, 1, 1, 1], most: 2).runs()
        #expect(runs.count == 2)
        #expect(runs.flatMap { $0 } == [0, 1, 2, 3])
    }

    @Test func `a node that is larger than a limit is a run of its own`() {
        let runs = level([], lines: [1, 50, 1], most: 3, rules: DecomposeRules(maxLines: 10)).runs()
        #expect(runs == [[0], [1], [2]])
    }
}

@Suite struct CycleCutTests {
    private func cut(_ list: [(from: Int, to: Int, weight: Int)], files: Int, most: Int) -> (
        pieces: [[Int]], ignored: Int
    ) {
        let lines = [Int](repeating: 1, count: files)
        let pieces = CycleCut(
            sizes: sizes(lines), edges: edges(list), rules: DecomposeRules(), mostFiles: most
        ).pieces()
        var pieceOf = [Int](repeating: -1, count: files)
        for (number, piece) in pieces.enumerated() {
            for file in piece { pieceOf[file] = number }
        }
        let ignored = list.reduce(0) { $0 + (pieceOf[$1.from] < pieceOf[$1.to] ? $1.weight : 0) }
        return (pieces, ignored)
    }

    @Test func `a ring is cut at its lightest edge`() {
        let ring = [
            (from: 0, to: 1, weight: 5), (from: 1, to: 2, weight: 1), (from: 2, to: 3, weight: 5),
            (from: 3, to: 0, weight: 5),
        ]
        let (pieces, ignored) = cut(ring, files: 4, most: 2)
        #expect(pieces.flatMap { $0 }.sorted() == [0, 1, 2, 3])
        #expect(pieces.allSatisfy { $0.count <= 2 })
        #expect(ignored == 1)
    }

    @Test func `a cycle within the limits is one piece`() {
        let ring = [(from: 0, to: 1, weight: 1), (from: 1, to: 2, weight: 1), (from: 2, to: 0, weight: 1)]
        let (pieces, ignored) = cut(ring, files: 3, most: 3)
        #expect(pieces.map { $0.sorted() } == [[0, 1, 2]])
        #expect(ignored == 0)
    }

    @Test func `the pieces are the same in every run`() {
        let list =
            (0..<60).map { (from: $0, to: ($0 * 7 + 1) % 60, weight: $0 % 3 + 1) }
            + (0..<60).map { (from: $0, to: ($0 + 1) % 60, weight: 2) }
        #expect(cut(list, files: 60, most: 8).pieces == cut(list, files: 60, most: 8).pieces)
    }
}
