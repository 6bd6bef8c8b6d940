import Testing

@testable import DependencyGraph

@Suite struct DeclarationChangesTests {
    private func changes(_ before: String, _ after: String) throws -> DeclarationChanges {
        func read(_ text: String) throws -> [Declaration] {
            try #require(Declaration.exported(in: Array(text.utf8), path: "a.py"))
        }
        return DeclarationChanges(before: try read(before), after: try read(after))
    }

    @Test func `a removed, an added and a changed declaration are told apart`() throws {
        let found = try changes(
            "def old(a): pass\ndef kept(x): pass\ndef same(): pass\n",
            "def kept(x, y): pass\ndef same(): pass\nclass New: pass\n")
        #expect(found.removed.map(\.name) == ["old"])
        #expect(found.added.map(\.name) == ["New"])
        #expect(found.changed.map(\.before.signature) == ["def kept(x)"])
        #expect(found.changed.map(\.after.signature) == ["def kept(x, y)"])
        #expect(found.renamed.isEmpty && !found.isEmpty)
        #expect(found.lost.map { "\($0.name) \($0.now ?? "-")" } == ["old -"])
        #expect(
            found.lines == [
                "removed: def old(a)", "changed: def kept(x)\n     to: def kept(x, y)", "added: class New",
            ])
    }

    @Test func `a new name with the same signature is a rename`() throws {
        let found = try changes("def total(order, tax): pass\n", "\n\ndef sum_up(order, tax): pass\n")
        #expect(found.renamed.map { "\($0.before.name) \($0.after.name)" } == ["total sum_up"])
        #expect(found.removed.isEmpty && found.added.isEmpty && found.changed.isEmpty)
        #expect(found.lost.map { "\($0.name) \($0.now ?? "-")" } == ["total sum_up"])
        #expect(found.lines == ["renamed: total is now sum_up: def sum_up(order, tax)"])
    }

    @Test func `with two candidates nothing is a rename`() throws {
        let twoNew = try changes("def a(x): pass\n", "def b(x): pass\ndef c(x): pass\n")
        #expect(twoNew.renamed.isEmpty && twoNew.removed.count == 1 && twoNew.added.count == 2)
        let twoOld = try changes("def a(x): pass\ndef b(x): pass\n", "def c(x): pass\n")
        #expect(twoOld.renamed.isEmpty && twoOld.removed.count == 2 && twoOld.added.count == 1)
    }

    @Test func `a member of another type and a bare name are no renames`() throws {
        let moved = try changes(
            "class A:\n  def f(self): pass\nclass B: pass\n", "class A: pass\nclass B:\n  def g(self): pass\n")
        #expect(moved.renamed.isEmpty)
        let bare = try changes("LIMIT = 1\n", "MOST = 1\n")
        #expect(bare.renamed.isEmpty && bare.removed.count == 1)
    }

    @Test func `moving a declaration changes nothing`() throws {
        #expect(try changes("def a(): pass\ndef b(): pass\n", "\ndef b(): pass\n\ndef a(): pass\n").isEmpty)
    }

    @Test func `an overload that is added or removed is a change of its name`() throws {
        let one = Declaration(name: "f", signature: "f(a)", line: 1)
        let two = Declaration(name: "f", signature: "f(b)", line: 2)
        let more = DeclarationChanges(before: [one], after: [one, two])
        #expect(more.changed == [.init(before: one, after: two)])
        #expect(more.added.isEmpty)
        let fewer = DeclarationChanges(before: [one, two], after: [one])
        #expect(fewer.changed == [.init(before: two, after: one)])
    }
}
