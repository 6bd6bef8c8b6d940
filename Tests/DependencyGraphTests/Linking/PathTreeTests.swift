import Model
import Testing

@testable import DependencyGraph

@Suite struct PathTreeTests {
    private let paths = ["a/b/c.py", "a/b/d.py", "a/c.py", "b.py", "z/b/c.py"]
    private var tree: PathTree { PathTree(paths: paths) }

    private func node(_ path: String) throws -> PathTree.Node {
        try #require(tree.descend(from: PathTree.root, path))
    }

    @Test func `every file has its path, its depth and its parent`() throws {
        let tree = tree
        for (index, path) in paths.enumerated() {
            let node = tree.node(of: Int32(index))
            #expect(tree.path(of: node) == path)
            #expect(tree.file(at: node) == Int32(index))
            #expect(!tree.isDirectory(node))
            #expect(tree.depth(node) == path.split(separator: "/").count)
            let parent = path.split(separator: "/").dropLast().joined(separator: "/")
            #expect(tree.path(of: tree.parent(node)) == parent)
        }
        // The root, four directories and five files: `a/b` and `z/b` are two nodes.
        #expect(tree.nodeCount == 10)
        #expect(tree.depth(PathTree.root) == 0)
        #expect(tree.path(of: PathTree.root).isEmpty)
    }

    @Test func `a directory is no file and lists its children in path order`() throws {
        let directory = try node("a")
        #expect(tree.isDirectory(directory))
        #expect(tree.file(at: directory) == nil)
        #expect(tree.children(of: directory).map { tree.name(of: $0) } == ["b", "c.py"])
        #expect(tree.children(of: PathTree.root).map { tree.name(of: $0) } == ["a", "b.py", "z"])
        #expect(tree.children(of: try node("b.py")).map { $0 }.isEmpty)
    }

    @Test func `a step takes a name and a suffix below one directory only`() throws {
        let directory = try node("a/b")
        let name = "c".withBytes { tree.child(of: directory, $0, ".py") }
        #expect(name == (try node("a/b/c.py")))
        #expect(tree.child(of: directory, "c") == nil)
        #expect(tree.child(of: directory, "c.p") == nil)
        #expect("c.py".withBytes { tree.child(of: directory, $0, ".py") } == nil)
        #expect(tree.child(of: PathTree.root, "c.py") == nil)
        #expect(tree.child(of: PathTree.root, "a") == (try node("a")))
    }

    @Test func `a relative path follows dots and never leaves the repository`() throws {
        let tree = tree
        let start = try node("a/b")
        #expect(tree.descend(from: start, "../c.py") == (try node("a/c.py")))
        #expect(tree.descend(from: start, "./../../z//b/./c.py") == (try node("z/b/c.py")))
        #expect(tree.descend(from: start, "..") == (try node("a")))
        #expect(tree.descend(from: start, "../..") == PathTree.root)
        #expect(tree.descend(from: start, "../../..") == nil)
        #expect(tree.descend(from: start, "../nothing/../c.py") == nil)
        #expect(tree.descend(from: start, "") == start)
        #expect(tree.descend(from: start, "../c", ".py") == (try node("a/c.py")))
        #expect(tree.descend(from: start, "../b", ".py") == nil)
        // The suffix belongs to the last part only.
        #expect(tree.descend(from: PathTree.root, "b/c", ".py") == nil)
        #expect(tree.descend(from: PathTree.root, "..x") == nil)
    }

    @Test func `files are found by their last part in path order`() {
        let tree = tree
        func files(_ name: String) -> [String] {
            name.withBytes { tree.files(named: $0) }.map { paths[Int($0)] }
        }
        #expect(files("c.py") == ["a/b/c.py", "a/c.py", "z/b/c.py"])
        #expect(files("b.py") == ["b.py"])
        // A directory is no file.
        #expect(files("b").isEmpty)
        #expect(files("").isEmpty)
    }

    @Test func `a directory that sorts apart is one node`() {
        // `a-b` sorts between `a` and `a/…` by bytes.
        let paths = ["a-b/x.py", "a/x.py", "a/y.py", "b/a/x.py"]
        let tree = PathTree(paths: paths)
        #expect(paths.indices.map { tree.path(of: tree.node(of: Int32($0))) } == paths)
        #expect(tree.parent(tree.node(of: 1)) == tree.parent(tree.node(of: 2)))
        #expect(tree.parent(tree.node(of: 1)) != tree.parent(tree.node(of: 3)))
    }
}

@Suite struct SymbolTableTests {
    @Test func `equal texts get one number, from zero on`() {
        var table = SymbolTable(capacity: 1)
        // More than one growth of the table.
        for number in 0..<500 { #expect(table.intern("name\(number)") == UInt32(number)) }
        for number in 0..<500 {
            #expect(table.intern("name\(number)") == UInt32(number))
            #expect(table.find("name\(number)") == UInt32(number))
            #expect(table.string(UInt32(number)) == "name\(number)")
        }
        #expect(table.count == 500)
        #expect(table.find("name500") == nil)
        #expect(table.find("name") == nil)
        #expect(table.find("") == nil)
        #expect(table.intern("") == 500)
        #expect(table.find("") == 500)
    }

    @Test func `a set of words is split at blanks and line ends`() {
        let words = SymbolTable(words: "one two\nthree")
        #expect(words.count == 3)
        #expect(["one", "two", "three"].allSatisfy { words.find($0) != nil })
        #expect(words.find("one two") == nil)
        #expect(words.find("on") == nil)
    }
}

@Suite struct EdgeListTests {
    @Test func `an edge keeps its ends, kind, line and number of references`() throws {
        var list = EdgeList()
        list.add(from: 1, to: 2, kind: .name, line: 7, references: 3)
        list.add(from: 2, to: 1, kind: .weak, line: .max)
        list.add(from: 3, to: 3, kind: .import, line: 1)
        #expect(
            list.edges == [
                .init(from: 1, to: 2, kind: .name, line: 7, references: 3),
                .init(from: 2, to: 1, kind: .weak, line: .max, references: 1),
            ])
        var other = EdgeList()
        other.add(from: 4, to: 5, kind: .import, line: 1)
        list.append(other)
        #expect(list.edges.map(\.from) == [1, 2, 4])
    }
}

extension String {
    /// Calls `body` with the bytes of the text.
    func withBytes<Result>(_ body: (Source.Bytes) -> Result) -> Result {
        var text = self
        return text.withUTF8 { body($0) }
    }
}
