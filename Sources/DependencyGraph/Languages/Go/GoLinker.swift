import Model

/// Turns the names of one Go file into edges to the files that declare them.
struct GoLinker {
    typealias FileIndex = RepositoryGraph.FileIndex

    let project: Project
    let packages: GoPackages
    let file: FileIndex
    private let directory: PathTree.Node
    private let isTest: Bool
    private let platform: GoPlatform

    init(project: Project, packages: GoPackages, file: FileIndex) {
        self.project = project
        self.packages = packages
        self.file = file
        directory = project.directory(of: file)
        isTest = GoPackages.isTest(project.path(file))
        platform = GoPlatform(path: project.path(file))
    }

    func run(_ facts: FileFacts, into list: inout EdgeList) {
        guard let package = packages.packageOf[file], !isIgnored(directory) else { return }
        let imports = imports(facts)
        for index in 0..<facts.count {
            let fact = facts[index]
            let text = facts.text(fact)
            switch Go.Kind(rawValue: fact.kind) {
            case .import where fact.flags & Go.blankImport != 0:
                guard let target = packages.package(path: text, from: directory) else { continue }
                for file in packages.packages[target].initializers { add(file, kind: .import, at: fact, into: &list) }
            case .bare:
                bare(text, in: package, imports: imports, at: fact, into: &list)
            case .qualified:
                qualified(text, in: package, imports: imports, at: fact, into: &list)
            case .keyed:
                if isContainer(facts.text(Int(fact.value)), in: package, imports: imports, depth: 0) {
                    bare(text, in: package, imports: imports, at: fact, into: &list)
                }
            default: break
            }
        }
    }

    /// The packages that a file imports, by their names in it.
    private struct Imports {
        var named: [GoPackages.Symbol: Int] = [:]
        var dots: [Int] = []
    }

    private func imports(_ facts: FileFacts) -> Imports {
        var imports = Imports()
        for index in 0..<facts.count where facts[index].kind == Go.Kind.import.rawValue {
            let fact = facts[index]
            guard fact.flags & Go.blankImport == 0,
                let target = packages.package(path: facts.text(fact), from: directory)
            else { continue }
            if fact.flags & Go.dotImport != 0 {
                imports.dots.append(target)
            } else if fact.value > 0 {
                if let alias = packages.symbols.find(facts.text(Int(fact.value) - 1)) { imports.named[alias] = target }
            } else {
                imports.named[packages.packages[target].name] = target
            }
        }
        return imports
    }

    /// The go tool ignores directories with such a name unless they are imported by their path.
    private func isIgnored(_ directory: PathTree.Node) -> Bool {
        var node = directory
        while node != PathTree.root {
            let name = project.tree.name(of: node)
            if name == "vendor" || name == "testdata" || name.hasPrefix("_") || name.hasPrefix(".") { return true }
            node = project.tree.parent(node)
        }
        return false
    }

    private func bare(
        _ text: Source.Bytes, in package: Int, imports: Imports, at fact: FileFact, into list: inout EdgeList
    ) {
        guard let symbol = packages.symbols.find(text) else { return }
        if add(symbol, in: package, kind: .name, at: fact, into: &list) { return }
        for package in imports.dots where add(symbol, in: package, kind: .import, at: fact, into: &list) { return }
    }

    private func qualified(
        _ text: Source.Bytes, in package: Int, imports: Imports, at fact: FileFact, into list: inout EdgeList
    ) {
        guard let (head, name) = split(text) else { return }
        if let symbol = packages.symbols.find(head), let target = imports.named[symbol] {
            if let name = packages.symbols.find(name) { add(name, in: target, kind: .import, at: fact, into: &list) }
        } else {
            bare(head, in: package, imports: imports, at: fact, into: &list)
        }
    }

    private func split(_ text: Source.Bytes) -> (head: Source.Bytes, name: Source.Bytes)? {
        guard let dot = text.firstIndex(of: UInt8(ascii: ".")) else { return nil }
        return (Source.Bytes(rebasing: text[..<dot]), Source.Bytes(rebasing: text[(dot + 1)...]))
    }

    /// Whether the keys of a literal of this type are expressions.
    private func isContainer(_ type: Source.Bytes, in package: Int, imports: Imports, depth: Int) -> Bool {
        let declarations: [GoPackages.Declaration]
        var owner = package
        if let (head, name) = split(type) {
            guard let alias = packages.symbols.find(head), let target = imports.named[alias],
                let symbol = packages.symbols.find(name)
            else { return false }
            owner = target
            declarations = packages.declarations(symbol, in: target)
        } else {
            guard let symbol = packages.symbols.find(type) else { return false }
            declarations = packages.declarations(symbol, in: package)
        }
        guard let found = declarations.first else { return false }
        switch Go.Shape(rawValue: found.value & 3) {
        case .container: return true
        case .named:
            // Chains of named types are short, and cycles are not valid Go.
            guard depth < 8 else { return false }
            let facts = project.facts(found.file)
            let target = facts.text(Int(found.value >> 2))
            return isContainer(
                target, in: owner, imports: found.file == file ? imports : self.imports(facts), depth: depth + 1)
        default: return false
        }
    }

    /// Adds edges to the files that declare a name.
    ///
    /// Several files declare a name where build tags choose between them, and each is needed for some build.
    /// Declarations of tests are visible to tests of the same directory only.
    @discardableResult
    private func add(
        _ symbol: GoPackages.Symbol, in package: Int, kind: RepositoryGraph.EdgeKind, at fact: FileFact,
        into list: inout EdgeList
    ) -> Bool {
        let seesTests = isTest && packages.packages[package].directory == directory
        let all = packages.declarations(symbol, in: package)
        var isFound = false
        for declaration in all where isSeen(declaration, seesTests) {
            // The file's own declaration needs no edge.
            if declaration.file == file { return true }
            isFound = true
        }
        guard isFound else { return false }
        for declaration in all where isSeen(declaration, seesTests) {
            add(declaration.file, kind: kind, at: fact, into: &list)
        }
        return true
    }

    private func isSeen(_ declaration: GoPackages.Declaration, _ seesTests: Bool) -> Bool {
        (seesTests || !declaration.isTest) && declaration.platform.isCompatible(platform)
    }

    private func add(_ target: FileIndex, kind: RepositoryGraph.EdgeKind, at fact: FileFact, into list: inout EdgeList)
    {
        list.add(from: file, to: target, kind: kind, line: fact.line, references: max(1, fact.value))
    }
}
