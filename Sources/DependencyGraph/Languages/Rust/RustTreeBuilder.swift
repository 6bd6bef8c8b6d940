import Model

/// Follows the `mod` declarations of each crate from its root, adding an edge for each.
struct RustTreeBuilder {
    typealias FileIndex = RepositoryGraph.FileIndex

    let project: Project
    private(set) var modules: RustModules
    private var declared: Set<UInt64> = []
    private var reached: Set<FileIndex> = []

    init(_ project: Project) {
        self.project = project
        modules = RustModules(project: project)
    }

    /// A file that is a module.
    private struct Mount {
        var file: FileIndex
        /// -1 for the root of a crate.
        var parent: Int32 = -1
        var root: Int32 = -1
        var package: Int32
        /// The directory of the files of its modules; nil if there is no such directory.
        var directory: PathTree.Node?
        /// A second such directory, for files that no crate reaches.
        var second: PathTree.Node? = nil
        var name: Source.Bytes? = nil
        var usesMacros = false
    }

    private func root(_ file: FileIndex, _ package: Int32) -> Mount {
        Mount(file: file, package: package, directory: project.directory(of: file))
    }

    mutating func run(into edges: inout EdgeList) {
        let sources = project.files.filter { project.role($0) == 0 }
        var packageAt: [PathTree.Node: Int32] = [:]
        var workspaces: [PathTree.Node: CargoWorkspace] = [:]
        for file in project.files where project.role(file) == Rust.Role.manifest {
            if let workspace = CargoWorkspace(project, file) { workspaces[project.directory(of: file)] = workspace }
            guard let package = CargoPackage(project, file) else { continue }
            modules.add(package)
            let index = Int32(modules.packages.count - 1)
            packageAt[package.directory] = index
            if let library = package.library {
                let module = mountAll(root(library, index), into: &edges)
                modules.setLibrary(of: Int(index), to: module)
            }
            for file in package.others { mountAll(root(file, index), into: &edges) }
        }
        // Files that no crate reaches belong to the nearest manifest. Files that look like roots come first.
        let rest = sources.filter { !reached.contains($0) }
        for file in rest where Self.ownsDirectory(name(file)) && !reached.contains(file) {
            mountAll(root(file, nearest(file, packageAt)), into: &edges)
        }
        for file in rest where !reached.contains(file) {
            var mount = root(file, nearest(file, packageAt))
            mount.second = mount.directory
            mount.directory = project.tree.child(of: project.directory(of: file), stem(file))
            mountAll(mount, into: &edges)
        }
        modules.connect(workspaces)
        modules.openGlobs()
    }

    private func nearest(_ file: FileIndex, _ packageAt: [PathTree.Node: Int32]) -> Int32 {
        var node = project.directory(of: file)
        while true {
            if let package = packageAt[node] { return package }
            guard node != PathTree.root else { return -1 }
            node = project.tree.parent(node)
        }
    }

    private func name(_ file: FileIndex) -> String { project.tree.name(of: project.tree.node(of: file)) }

    private func stem(_ file: FileIndex) -> String {
        let name = name(file)
        return name.hasSuffix(".rs") ? String(name.dropLast(3)) : name
    }

    private static func ownsDirectory(_ name: String) -> Bool {
        name == "mod.rs" || name == "lib.rs" || name == "main.rs"
    }

    /// Mounts a root and everything below it. A file is in a crate only once.
    @discardableResult
    private mutating func mountAll(_ root: Mount, into edges: inout EdgeList) -> Int32 {
        var waiting = [root]
        var inCrate: Set<FileIndex> = [root.file]
        var first: Int32 = -1
        while let mount = waiting.popLast() {
            let index = read(mount, waiting: &waiting, inCrate: &inCrate, into: &edges)
            if first < 0 { first = index }
        }
        return first
    }

    private struct Level {
        var module: Int32
        var directory: PathTree.Node?
        var second: PathTree.Node?
        /// The directory from which a `#[path]` starts.
        var pathBase: PathTree.Node?
    }

    private mutating func read(
        _ mount: Mount, waiting: inout [Mount], inCrate: inout Set<FileIndex>, into edges: inout EdgeList
    ) -> Int32 {
        reached.insert(mount.file)
        let facts = project.facts(mount.file)
        let module = modules.add(
            RustModules.Module(
                file: mount.file, parent: mount.parent, root: mount.root, package: mount.package, isInline: false,
                usesMacros: mount.usesMacros))
        if let name = mount.name { modules.bind(name, in: mount.parent, to: .module(module)) }
        var levels = [
            Level(
                module: module, directory: mount.directory, second: mount.second,
                pathBase: project.directory(of: mount.file))
        ]
        var paths: [FileFact] = []
        for index in 0..<facts.count {
            let fact = facts[index]
            let text = facts.text(fact)
            let level = levels[levels.count - 1]
            switch Rust.Kind(rawValue: fact.kind) {
            case .path:
                paths.append(fact)
                continue
            case .module:
                for target in targets(of: text, paths: paths, facts: facts, level: level) {
                    addEdge(from: mount.file, to: target.file, at: fact, into: &edges)
                    guard inCrate.insert(target.file).inserted else { continue }
                    waiting.append(
                        Mount(
                            file: target.file, parent: level.module,
                            root: modules.modules[Int(module)].root, package: mount.package,
                            directory: target.directory, name: text,
                            usesMacros: fact.flags & Rust.usesMacros != 0))
                }
            case .open:
                let inner = modules.add(
                    RustModules.Module(
                        file: mount.file, parent: level.module, root: modules.modules[Int(module)].root,
                        package: mount.package, isInline: true, usesMacros: fact.flags & Rust.usesMacros != 0))
                modules.bind(text, in: level.module, to: .module(inner))
                let given = paths.first.flatMap { path in
                    level.pathBase.flatMap { project.tree.descend(from: $0, facts.text(path)) }
                }
                let directory = given ?? level.directory.flatMap { project.tree.child(of: $0, text) }
                levels.append(
                    Level(
                        module: inner, directory: directory,
                        second: level.second.flatMap { project.tree.child(of: $0, text) }, pathBase: directory))
            case .close:
                if levels.count > 1 { levels.removeLast() }
            case .declare:
                modules.bind(text, in: level.module, to: .item(mount.file))
            case .macro:
                modules.addMacro(text, in: level.module, isExported: fact.flags & Rust.isExported != 0)
            case .use, .externCrate:
                if fact.flags & Rust.isGlob != 0 {
                    modules.addGlob(index, in: level.module)
                } else if fact.value > 0 {
                    modules.bind(facts.text(Int(fact.value) - 1), in: level.module, toUse: index)
                }
            case .reference, .bare, .include, .section, .setting, nil:
                break
            }
            paths.removeAll(keepingCapacity: true)
        }
        return module
    }

    private mutating func addEdge(from: FileIndex, to: FileIndex, at fact: FileFact, into edges: inout EdgeList) {
        // A file of several crates declares its modules once.
        guard declared.insert(UInt64(from) << 32 | UInt64(to)).inserted else { return }
        edges.add(from: from, to: to, kind: .import, line: fact.line)
    }

    /// The files of `mod x;`, each with the directory of its modules. Several if `cfg_attr` chooses between them.
    private func targets(
        of name: Source.Bytes, paths: [FileFact], facts: FileFacts, level: Level
    ) -> [(file: FileIndex, directory: PathTree.Node?)] {
        let tree = project.tree
        var found: [(file: FileIndex, directory: PathTree.Node?)] = []
        for path in paths {
            guard let base = level.pathBase, let node = tree.descend(from: base, facts.text(path)),
                let file = tree.file(at: node)
            else { continue }
            found.append((file, tree.parent(node)))
        }
        // Without a condition, only the path counts.
        if paths.contains(where: { $0.flags == 0 }) { return found }
        for case let directory? in [level.directory, level.second] {
            if let node = tree.child(of: directory, name, ".rs"), let file = tree.file(at: node) {
                found.append((file, tree.child(of: directory, name)))
                break
            }
            if let inner = tree.child(of: directory, name), tree.isDirectory(inner),
                let node = tree.child(of: inner, "mod.rs"), let file = tree.file(at: node)
            {
                found.append((file, inner))
                break
            }
        }
        return found
    }
}
