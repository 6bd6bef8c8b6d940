/// Finds the file that a path without its extension means.
struct TypeScriptModules: Sendable {
    typealias FileIndex = Project.FileIndex

    let tree: PathTree
    let workspaces: TypeScriptWorkspaces
    /// Whether the repository has a `node_modules`.
    let hasInstalled: Bool

    init(tree: PathTree, workspaces: TypeScriptWorkspaces) {
        self.tree = tree
        self.workspaces = workspaces
        hasInstalled = (0..<tree.nodeCount).contains { place in
            tree.withName(of: PathTree.Node(place)) { $0.equals("node_modules") }
        }
    }

    /// TypeScript looks for TypeScript files everywhere before JavaScript files.
    private enum Pass {
        case typeScript, javaScript
    }

    private static let typeScript: [StaticString] = [".ts", ".tsx", ".d.ts"]
    private static let javaScript: [StaticString] = [".js", ".jsx"]
    /// Endings that only Node.js or a bundler tries, after the compiler.
    private static let others: [StaticString] = [".mts", ".cts", ".mjs", ".cjs", ".json", ".vue", ".svelte", ".astro"]
    /// By ending of a compiled file: the endings of its source.
    private static let sources: [(ending: StaticString, endings: [StaticString])] = [
        (".js", [".ts", ".tsx", ".d.ts"]),
        (".jsx", [".tsx", ".ts", ".d.ts"]),
        (".mjs", [".mts", ".d.mts"]),
        (".cjs", [".cts", ".d.cts"]),
    ]
    private static let own: [StaticString] = [".ts", ".tsx", ".mts", ".cts"]
    private static let compiled: [StaticString] = [".js", ".jsx", ".mjs", ".cjs"]

    func load(_ directory: PathTree.Node, _ path: String) -> FileIndex? {
        load(directory, path, followsMain: true)
    }

    private func load(_ directory: PathTree.Node, _ path: String, followsMain: Bool) -> FileIndex? {
        var path = path
        return path.withUTF8 { load(directory, $0, followsMain: followsMain) }
    }

    /// The file of a path from a directory: with an extension added or replaced, or the index of a directory.
    func load(_ directory: PathTree.Node, _ path: Source.Bytes) -> FileIndex? {
        load(directory, path, followsMain: true)
    }

    private func load(_ directory: PathTree.Node, _ path: Source.Bytes, followsMain: Bool) -> FileIndex? {
        let slash = path.lastIndex(of: UInt8(ascii: "/"))
        let last = Source.Bytes(rebasing: path[(slash.map { $0 + 1 } ?? 0)...])
        guard
            let parent = slash.map({ tree.descend(from: directory, Source.Bytes(rebasing: path[..<$0])) }) ?? directory
        else { return nil }
        if last.allSatisfy({ $0 == UInt8(ascii: ".") }), last.count < 3 {
            guard let inner = tree.descend(from: parent, last) else { return nil }
            return index(of: inner, pass: .typeScript, followsMain: followsMain)
                ?? index(of: inner, pass: .javaScript, followsMain: followsMain)
        }
        let exact = tree.child(of: parent, last)
        let inner = exact.flatMap { tree.isDirectory($0) ? $0 : nil }
        for pass in [Pass.typeScript, .javaScript] {
            if let found = file(in: parent, named: last, exact: exact, pass: pass) { return found }
            if let inner, let found = index(of: inner, pass: pass, followsMain: followsMain) { return found }
        }
        return exact.flatMap { tree.file(at: $0) } ?? child(of: parent, named: last, endings: Self.others)
    }

    private func child(of parent: PathTree.Node, named name: Source.Bytes, endings: [StaticString]) -> FileIndex? {
        for ending in endings {
            if let node = tree.child(of: parent, name, ending), let file = tree.file(at: node) { return file }
        }
        return nil
    }

    private func file(
        in parent: PathTree.Node, named name: Source.Bytes, exact: PathTree.Node?, pass: Pass
    ) -> FileIndex? {
        if let found = child(of: parent, named: name, endings: pass == .typeScript ? Self.typeScript : Self.javaScript)
        {
            return found
        }
        if pass == .typeScript {
            for source in Self.sources where Self.ends(name, source.ending) {
                let stem = Source.Bytes(rebasing: name.dropLast(source.ending.utf8CodeUnitCount))
                if let found = child(of: parent, named: stem, endings: source.endings) { return found }
            }
        }
        guard let exact, let file = tree.file(at: exact) else { return nil }
        let endings = pass == .typeScript ? Self.own : Self.compiled
        return endings.contains { Self.ends(name, $0) } ? file : nil
    }

    private static func ends(_ name: Source.Bytes, _ ending: StaticString) -> Bool {
        let count = ending.utf8CodeUnitCount
        guard name.count > count else { return false }
        for index in 0..<count where name[name.count - count + index] != ending.utf8Start[index] { return false }
        return true
    }

    /// The file of a directory: the one its `package.json` names, otherwise its `index` file.
    private func index(of directory: PathTree.Node, pass: Pass, followsMain: Bool) -> FileIndex? {
        if followsMain, let package = workspaces.package(at: directory) {
            for main in package.mains {
                guard let found = load(directory, main, followsMain: false), isOf(pass, found) else { continue }
                return found
            }
        }
        let name: StaticString = "index"
        return child(
            of: directory, named: Source.Bytes(start: name.utf8Start, count: name.utf8CodeUnitCount),
            endings: pass == .typeScript ? Self.typeScript : Self.javaScript)
    }

    private func isOf(_ pass: Pass, _ file: FileIndex) -> Bool {
        tree.withName(of: tree.node(of: file)) { name in
            let isTypeScript = Self.own.contains { Self.ends(name, $0) }
            return isTypeScript == (pass == .typeScript)
        }
    }
}
