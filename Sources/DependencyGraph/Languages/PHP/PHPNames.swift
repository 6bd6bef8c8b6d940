import Model

/// All classes, functions and constants of the repository by their full names, in lower case because PHP ignores case.
struct PHPNames: Sendable {
    typealias FileIndex = Project.FileIndex

    private let project: Project
    private var symbols = SymbolTable()
    /// By kind of name and number of the symbol: the files that declare it.
    private var files: [[FileIndex]] = []
    /// By namespace in lower case: its directories in `composer.json`.
    private var roots: [(namespace: [UInt8], directory: PathTree.Node)] = []

    init(_ project: Project) {
        self.project = project
        var name: [UInt8] = []
        for file in project.files {
            let facts = project.facts(file)
            if project.role(file) == PHP.composerRole {
                addRoots(file, facts)
                continue
            }
            var namespace = Source.Bytes(start: nil, count: 0)
            for index in 0..<facts.count {
                let fact = facts[index]
                switch PHP.Kind(rawValue: fact.kind) {
                case .namespace: namespace = facts.text(fact)
                case .declaration:
                    Self.join(namespace, facts.text(fact), kind: PHP.Name(rawValue: fact.flags) ?? .type, into: &name)
                    add(name, file)
                case .global:
                    let empty = Source.Bytes(start: nil, count: 0)
                    Self.join(empty, Self.unescaped(facts.text(fact)), kind: .constant, into: &name)
                    add(name, file)
                default: break
                }
            }
        }
        roots.sort { $0.namespace.count > $1.namespace.count }
    }

    private mutating func addRoots(_ file: FileIndex, _ facts: FileFacts) {
        for index in 0..<facts.count where facts[index].kind == PHP.Kind.root.rawValue {
            let path = facts.text(facts[index])
            guard let directory = project.tree.descend(from: project.directory(of: file), path) else { continue }
            let namespace = facts.text(Int(facts[index].value)).map { Self.lower($0) }
            roots.append((namespace, directory))
        }
    }

    private mutating func add(_ name: [UInt8], _ file: FileIndex) {
        let symbol = Int(name.withUnsafeBufferPointer { symbols.intern($0) })
        while files.count <= symbol { files.append([]) }
        if files[symbol].last != file { files[symbol].append(file) }
    }

    /// The files that declare a name that `join` made.
    func declaring(_ name: [UInt8]) -> [FileIndex] {
        guard let symbol = name.withUnsafeBufferPointer({ symbols.find($0) }) else { return [] }
        return files[Int(symbol)]
    }

    /// The file that declares a class, as seen from `from`. nil if that file declares it itself, or if the choice is
    /// ambiguous.
    func choose(_ candidates: [FileIndex], _ name: [UInt8], from: FileIndex) -> FileIndex? {
        guard candidates.count > 1 else { return candidates.first }
        // A name that is declared this often is a placeholder in fixtures.
        guard candidates.count <= 256 else { return nil }
        guard !candidates.contains(from) else { return nil }
        if let standard = candidates.first(where: { isStandard($0, name) }) { return standard }
        let near = candidates.map { (file: $0, common: common($0, from)) }
        let best = near.map(\.common).max() ?? 0
        let nearest = near.filter { $0.common == best }
        return nearest.count == 1 ? nearest[0].file : nil
    }

    /// Whether the autoloader of `composer.json` looks for the class in this file.
    private func isStandard(_ file: FileIndex, _ name: [UInt8]) -> Bool {
        let path = project.path(file).utf8.map { Self.lower($0) }
        for root in roots where name.dropFirst().starts(with: root.namespace) {
            let rest = name.dropFirst(1 + root.namespace.count).map {
                $0 == UInt8(ascii: "\\") ? UInt8(ascii: "/") : $0
            }
            var directory = project.tree.path(of: root.directory).utf8.map { Self.lower($0) }
            if !directory.isEmpty { directory.append(UInt8(ascii: "/")) }
            if path.elementsEqual(directory + rest.drop { $0 == UInt8(ascii: "/") } + Array(".php".utf8)) {
                return true
            }
        }
        return false
    }

    /// The number of leading directories that two files share.
    private func common(_ a: FileIndex, _ b: FileIndex) -> Int {
        let first = project.path(a).utf8
        let second = project.path(b).utf8
        return zip(first, second).prefix { $0 == $1 }.count { $0.0 == UInt8(ascii: "/") }
    }

    /// Joins the kind, the namespace and the name in lower case: the key of the tables.
    static func join(_ namespace: Source.Bytes, _ name: Source.Bytes, kind: PHP.Name, into result: inout [UInt8]) {
        result.removeAll(keepingCapacity: true)
        result.append(kind.rawValue)
        for byte in namespace { result.append(lower(byte)) }
        if !namespace.isEmpty { result.append(UInt8(ascii: "\\")) }
        for byte in name { result.append(lower(byte)) }
    }

    static func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

    /// Constants are defined as `"A\\B"` or `'A\B'`. A leading backslash has no meaning.
    private static func unescaped(_ name: Source.Bytes) -> Source.Bytes {
        name.first == UInt8(ascii: "\\") ? Source.Bytes(rebasing: name.dropFirst()) : name
    }
}
