import Model

/// A package of the repository and the root files of its crates.
struct CargoPackage: Sendable {
    typealias FileIndex = RepositoryGraph.FileIndex

    enum Edition: Sendable { case before2018, since2018 }

    var name = ""
    var directory: PathTree.Node
    var edition = Edition.before2018
    /// Name and root of the library.
    var libraryName = ""
    var library: FileIndex?
    /// Roots of programs, examples, tests, benchmarks and the build script.
    var others: [FileIndex] = []
    /// Everything that the manifest declares as a dependency, by key.
    var dependencies = CargoDependencies()
    /// The directory of the workspace, if the manifest names it.
    var workspace: PathTree.Node?

    /// - Returns: nil for a manifest without a package, such as that of a workspace.
    init?(_ project: Project, _ manifest: FileIndex) {
        let manifestDirectory = project.directory(of: manifest)
        directory = manifestDirectory
        let tree = project.tree
        let facts = project.facts(manifest)
        var section = ""
        var hasPackage = false
        var libraryPath = "src/lib.rs"
        var build = "build.rs"
        var paths: [String] = []
        var skipped: Set<String> = []
        var edition = ""
        for index in 0..<facts.count {
            let fact = facts[index]
            let text = facts.string(fact)
            guard fact.kind == Rust.Kind.setting.rawValue else {
                section = text
                if section == "package" || section == "project" { hasPackage = true }
                continue
            }
            let key = facts.text(Int(fact.value)).string
            switch (section, key) {
            case ("package", "name"), ("project", "name"): name = text
            case ("package", "edition"), ("package", "edition.workspace"): edition = text
            case ("package", "build"): build = text
            case ("package", "workspace"): workspace = tree.descend(from: directory, text)
            case ("package", _) where key.hasPrefix("auto") && text == "false": skipped.insert(String(key.dropFirst(4)))
            case ("lib", "name"): libraryName = text
            case ("lib", "path"): libraryPath = text
            case ("bin", "path"), ("example", "path"), ("test", "path"), ("bench", "path"): paths.append(text)
            default:
                if let rest = CargoDependencies.own(section) {
                    dependencies.add(rest, key: key, value: text) { tree.descend(from: manifestDirectory, $0) }
                }
            }
        }
        guard hasPackage else { return nil }
        if libraryName.isEmpty { libraryName = name.replacing("-", with: "_") }
        // New packages write `edition.workspace = true`.
        self.edition = edition.isEmpty || edition == "2015" ? .before2018 : .since2018
        library = file(libraryPath, tree)
        for path in paths + ["src/main.rs", build] {
            if let root = file(path, tree) { others.append(root) }
        }
        for (folder, word) in [
            ("src/bin", "bins"), ("examples", "examples"), ("tests", "tests"), ("benches", "benches"),
        ]
        where !skipped.contains(word) {
            addRoots(folder, tree)
        }
        others = Array(Set(others.filter { $0 != library })).sorted()
    }

    private func file(_ path: String, _ tree: PathTree) -> FileIndex? {
        tree.descend(from: directory, path).flatMap { tree.file(at: $0) }
    }

    private mutating func addRoots(_ folder: String, _ tree: PathTree) {
        guard let node = tree.descend(from: directory, folder), tree.isDirectory(node) else { return }
        for child in tree.children(of: node) {
            if let file = tree.file(at: child) {
                if tree.name(of: child).hasSuffix(".rs") { others.append(file) }
            } else if let main = tree.child(of: child, "main.rs"), let file = tree.file(at: main) {
                others.append(file)
            }
        }
    }
}
