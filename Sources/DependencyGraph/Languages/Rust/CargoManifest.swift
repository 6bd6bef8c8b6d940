import Model

/// Reads the part of TOML that manifests use: sections, strings, and tables and arrays on one line.
enum CargoManifest {
    static func scan(_ bytes: Source.Bytes, into facts: inout FactWriter) {
        var line: UInt32 = 0
        for text in bytes.string.split(separator: "\n", omittingEmptySubsequences: false) {
            line += 1
            let text = trim(text)
            if text.hasPrefix("[") {
                let name = text.drop { $0 == "[" }.prefix { $0 != "]" }
                facts.add(kind: Rust.Kind.section.rawValue, string: String(trim(name)), line: line)
            } else if let equals = text.firstIndex(of: "="), !text.hasPrefix("#") {
                let key = trim(text[..<equals]).filter { $0 != "\"" }
                setting(key, trim(text[text.index(after: equals)...]), line: line, into: &facts)
            }
        }
    }

    private static func setting(_ key: String, _ value: Substring, line: UInt32, into facts: inout FactWriter) {
        if value.hasPrefix("{") {
            // A dependency's table: `{ path = "…", package = "…" }`.
            emit(key, "", line: line, into: &facts)
            for part in value.dropFirst().prefix(while: { $0 != "}" }).split(separator: ",") {
                guard let equals = part.firstIndex(of: "=") else { continue }
                let inner = trim(part[..<equals])
                guard inner == "path" || inner == "package" else { continue }
                emit("\(key).\(inner)", unquoted(trim(part[part.index(after: equals)...])), line: line, into: &facts)
            }
        } else {
            emit(key, unquoted(value), line: line, into: &facts)
        }
    }

    private static func emit(_ key: String, _ value: Substring, line: UInt32, into facts: inout FactWriter) {
        var key = key
        let place = key.withUTF8 { facts.place(of: $0) }
        facts.add(kind: Rust.Kind.setting.rawValue, string: String(value), line: line, value: place)
    }

    private static func trim(_ text: Substring) -> Substring {
        let isBlank = { (character: Character) in character == " " || character == "\t" || character == "\r" }
        var text = text.drop(while: isBlank)
        while let last = text.last, isBlank(last) { text.removeLast() }
        return text
    }

    /// The text in quotes, or the word before a comment.
    private static func unquoted(_ value: Substring) -> Substring {
        if let quote = value.first, quote == "\"" || quote == "'" {
            return value.dropFirst().prefix { $0 != quote }
        }
        return trim(value.prefix { $0 != "#" })
    }
}

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
    /// Dependencies with a path or another name: the name in code, the directory, the name of the package.
    var dependencies: [String: (directory: PathTree.Node?, package: String)] = [:]

    /// - Returns: nil for a manifest without a package, such as that of a workspace.
    init?(_ project: Project, _ manifest: FileIndex) {
        directory = project.directory(of: manifest)
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
            case ("package", _) where key.hasPrefix("auto") && text == "false": skipped.insert(String(key.dropFirst(4)))
            case ("lib", "name"): libraryName = text
            case ("lib", "path"): libraryPath = text
            case ("bin", "path"), ("example", "path"), ("test", "path"), ("bench", "path"): paths.append(text)
            default: addDependency(in: section, key: key, value: text, tree: tree)
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

    private mutating func addDependency(in section: String, key: String, value text: String, tree: PathTree) {
        var name = key
        var field = ""
        if let range = section.ranges(of: "dependencies.").last {
            name = String(section[range.upperBound...])
            field = key
        } else if section.hasSuffix("dependencies") {
            guard let dot = key.lastIndex(of: ".") else { return }
            name = String(key[..<dot])
            field = String(key[key.index(after: dot)...])
        }
        guard field == "path" || field == "package" else { return }
        let word = name.replacing("-", with: "_")
        var known = dependencies[word] ?? (directory: nil, package: name)
        if field == "path" { known.directory = tree.descend(from: directory, text) } else { known.package = text }
        dependencies[word] = known
    }
}
