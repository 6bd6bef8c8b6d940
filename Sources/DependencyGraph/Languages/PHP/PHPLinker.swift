import Model

/// Turns the names of one file into edges, by PHP's rules of name resolution.
struct PHPLinker {
    let project: Project
    let names: PHPNames
    let file: Project.FileIndex
    private var namespace = Source.Bytes(start: nil, count: 0)
    /// By kind and alias in lower case.
    private var uses: [[UInt8]: Source.Bytes] = [:]
    private var key: [UInt8] = []

    init(project: Project, names: PHPNames, file: Project.FileIndex) {
        self.project = project
        self.names = names
        self.file = file
    }

    mutating func run(_ facts: FileFacts, into list: inout EdgeList) {
        guard project.role(file) != PHP.composerRole else { return }
        for index in 0..<facts.count {
            let fact = facts[index]
            let text = facts.text(fact)
            switch PHP.Kind(rawValue: fact.kind) {
            case .namespace:
                namespace = text
                uses.removeAll(keepingCapacity: true)
            case .use:
                let kind = PHP.Name(rawValue: fact.flags) ?? .type
                let name = Self.withoutRoot(text)
                PHPNames.join(Self.global, facts.text(Int(fact.value)), kind: kind, into: &key)
                uses[key] = name
                if let target = find(in: Self.global, name, kind: kind) {
                    list.add(from: file, to: target, kind: .import, line: fact.line)
                }
            case .reference:
                let kind = PHP.Name(rawValue: fact.flags & 3) ?? .type
                guard let target = resolve(text, kind) else { continue }
                list.add(from: file, to: target, kind: .name, line: fact.line, references: fact.value)
            case .include:
                guard let target = included(text, fact.value) else { continue }
                list.add(from: file, to: target, kind: .import, line: fact.line)
            case .declaration, .global, .root, nil:
                break
            }
        }
    }

    private static var global: Source.Bytes { Source.Bytes(start: nil, count: 0) }

    private static func withoutRoot(_ name: Source.Bytes) -> Source.Bytes {
        name.first == UInt8(ascii: "\\") ? Source.Bytes(rebasing: name.dropFirst()) : name
    }

    private mutating func find(
        in namespace: Source.Bytes, _ name: Source.Bytes, kind: PHP.Name
    ) -> Project.FileIndex? {
        PHPNames.join(namespace, name, kind: kind, into: &key)
        return names.choose(names.declaring(key), key, from: file)
    }

    /// A name that may mean a class or a constant is tried as both. Functions and constants fall back to the global
    /// namespace.
    private mutating func resolve(_ name: Source.Bytes, _ kind: PHP.Name) -> Project.FileIndex? {
        if kind == .type { return resolve(name, only: .type) ?? resolve(name, only: .constant) }
        return resolve(name, only: kind)
    }

    private mutating func resolve(_ name: Source.Bytes, only kind: PHP.Name) -> Project.FileIndex? {
        if name.first == UInt8(ascii: "\\") { return find(in: Self.global, Self.withoutRoot(name), kind: kind) }
        guard let slash = name.firstIndex(of: UInt8(ascii: "\\")) else {
            if let use = used(name, kind) { return find(in: Self.global, use, kind: kind) }
            if let found = find(in: namespace, name, kind: kind) { return found }
            // A name declared in the same file is not looked up in the global namespace.
            guard kind != .type, !namespace.isEmpty, names.declaring(key).isEmpty else { return nil }
            return find(in: Self.global, name, kind: kind)
        }
        let first = Source.Bytes(rebasing: name[..<slash])
        let rest = Source.Bytes(rebasing: name[(slash + 1)...])
        if first.string.lowercased() == "namespace" { return find(in: namespace, rest, kind: kind) }
        // The first part of a name may be an alias of a namespace.
        if let use = used(first, .type) { return find(in: use, rest, kind: kind) }
        return find(in: namespace, name, kind: kind)
    }

    private mutating func used(_ alias: Source.Bytes, _ kind: PHP.Name) -> Source.Bytes? {
        guard !uses.isEmpty else { return nil }
        PHPNames.join(Self.global, alias, kind: kind, into: &key)
        return uses[key]
    }

    /// Finds an included file: in its directory if that is written, otherwise on the usual include path of PHP.
    private func included(_ path: Source.Bytes, _ origin: UInt32) -> Project.FileIndex? {
        let tree = project.tree
        var node = project.directory(of: file)
        if origin >= PHP.fromDirectory {
            for _ in PHP.fromDirectory..<origin {
                guard node != PathTree.root else { return nil }
                node = tree.parent(node)
            }
            return tree.descend(from: node, path).flatMap { tree.file(at: $0) }
        }
        // The nearest directory above decides, because the include path holds a root of the project.
        while true {
            if let found = tree.descend(from: node, path), let file = tree.file(at: found) { return file }
            guard node != PathTree.root else { return nil }
            node = tree.parent(node)
        }
    }
}
