import Model
import TestSupport
import Testing

@testable import Coordinator

@Suite("The division of work into branches")
struct BranchCutTests {
    private func cut(_ pieces: (String, Set<Int>)...) -> BranchCut {
        BranchCut(pieces.map { .init(key: $0.0, needs: $0.1) })
    }

    private func parents(_ cut: BranchCut) -> [String] {
        cut.parts.map { part in "\(part.key)\(part.pieces)<\(part.parent.map { "\($0)" } ?? "-")" }
    }

    @Test func `independent owners get branches side by side`() {
        #expect(parents(cut(("a", []), ("b", []), ("a", []))) == ["a[0, 2]<-", "b[1]<-"])
    }

    @Test func `a branch is stacked on the one that it needs, and two may share that one`() {
        #expect(
            parents(cut(("lib", []), ("a", [0]), ("b", [0]), ("a", [1]))) == ["lib[0]<-", "a[1, 3]<0", "b[2]<0"])
    }

    @Test func `owners that need each other are divided`() {
        #expect(parents(cut(("a", []), ("b", [0]), ("a", [1]))) == ["a[0]<-", "b[1]<0", "a[2]<1"])
    }

    @Test func `a branch that needs two others puts one on top of the other`() {
        #expect(parents(cut(("a", []), ("b", []), ("c", [0, 1]))) == ["a[0]<-", "b[1]<0", "c[2]<1"])
    }

    @Test func `a part is stacked on all others when nothing tells what it needs`() {
        var cut = cut(("a", []), ("b", []), ("c", [1]))
        cut.stackOnAll(1)
        #expect(parents(cut) == ["a[0]<-", "b[1]<0", "c[2]<1"])
    }

    @Test func `one stack in order joins neighbours only`() {
        let pieces = ["a", "a", "b", "a"].map { BranchCut.Piece(key: $0, needs: []) }
        #expect(parents(BranchCut(inOrder: pieces)) == ["a[0, 1]<-", "b[2]<0", "a[3]<1"])
    }

    @Test(arguments: 0..<60) func `whatever the needs, all that a piece needs is below it`(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let count = Int.random(in: 1...60, using: &random)
        let keys = Int.random(in: 1...6, using: &random)
        let pieces = (0..<count).map { position in
            let needs = (0..<Int.random(in: 0...3, using: &random)).compactMap { _ in
                position == 0 ? nil : Int.random(in: 0..<position, using: &random)
            }
            return BranchCut.Piece(key: "k\(Int.random(in: 0..<keys, using: &random))", needs: Set(needs))
        }
        var cut = BranchCut(pieces)
        if seed % 3 == 0, cut.parts.count > 1 { cut.stackOnAll(Int.random(in: 0..<cut.parts.count, using: &random)) }
        #expect(cut.parts.flatMap(\.pieces).sorted() == Array(0..<count))
        #expect(cut.order.sorted() == Array(cut.parts.indices))
        var seen: [Int: Set<Int>] = [:]
        for part in cut.order {
            let value = cut.parts[part]
            #expect(Set(value.pieces.map { pieces[$0].key }) == [value.key])
            var below = value.parent.map { seen[$0] ?? [] } ?? []
            for piece in value.pieces {
                #expect(pieces[piece].needs.isSubset(of: below), "piece \(piece) of part \(part)")
                below.insert(piece)
            }
            seen[part] = below
        }
    }
}

@Suite("Names of branches and repositories")
struct RequestNameTests {
    @Test func `a branch is named after its part, and no two have one name`() {
        var slugs = BranchSlugs(prefix: "x/")
        #expect(slugs.name(for: "@org/Team A @bob") == "x/org-team-a-bob")
        #expect(slugs.name(for: "@org/team-a/bob") == "x/org-team-a-bob-2")
        #expect(slugs.name(for: "éè") == "x/part")
        #expect(slugs.name(for: String(repeating: "a", count: 300)).utf8.count < 70)
    }

    @Test(arguments: [
        ("https://github.com/o/r.git", "github.com/o/r"), ("git@github.com:o/r.git", "github.com/o/r"),
        ("ssh://git@ghe.example.com:22/o/r", "ghe.example.com/o/r"), ("https://u:p@h.example/o/r/", "h.example/o/r"),
    ]) func `the repository is read from the address of the remote`(address: String, name: String) {
        #expect(RemoteAddress(address)?.text == name)
    }

    @Test(arguments: ["/srv/git/r.git", "../r.git", "origin"]) func `a path is no repository of a host`(address: String)
    {
        #expect(RemoteAddress(address)?.host.isEmpty ?? true)
    }
}
