/// The compiler options for module names, with paths from the repository's root.
struct TypeScriptConfig: Sendable {
    /// One entry of `paths`: at most one `*` in the pattern and in each target.
    struct Alias: Sendable {
        var pattern: TypeScriptPattern
        var targets: [String]
    }

    /// Empty for the root itself.
    var baseURL: String?
    var aliases: [Alias] = []
    var rootDirs: [String] = []
    var rootDir: String?
    var outDir: String?

    var mapsNames: Bool { baseURL != nil || !aliases.isEmpty || !rootDirs.isEmpty }
}

/// `prefix*suffix`, or a whole name.
struct TypeScriptPattern: Sendable {
    let prefix: [UInt8]
    /// Nil without a `*`.
    let suffix: [UInt8]?

    init(_ text: String) {
        let bytes = Array(text.utf8)
        if let star = bytes.firstIndex(of: UInt8(ascii: "*")) {
            prefix = Array(bytes[..<star])
            suffix = Array(bytes[(star + 1)...])
        } else {
            prefix = bytes
            suffix = nil
        }
    }

    /// The text of the `*` in a name, empty for a whole name; nil if the name does not match.
    func match(_ name: Source.Bytes) -> Source.Bytes? {
        guard let suffix else {
            return name.elementsEqual(prefix) ? Source.Bytes(rebasing: name[..<0]) : nil
        }
        guard name.count >= prefix.count + suffix.count, name.starts(with: prefix),
            name.suffix(suffix.count).elementsEqual(suffix)
        else { return nil }
        return Source.Bytes(rebasing: name[prefix.count..<name.count - suffix.count])
    }

    /// The best pattern: a whole name, otherwise the longest prefix, as in TypeScript and Node.js.
    static func best<T>(
        _ list: [T], for name: Source.Bytes, _ pattern: (T) -> TypeScriptPattern
    ) -> (entry: T, star: Source.Bytes)? {
        var best: (entry: T, star: Source.Bytes)?
        var longest = -1
        for entry in list {
            let pattern = pattern(entry)
            guard pattern.suffix == nil || pattern.prefix.count > longest, let star = pattern.match(name) else {
                continue
            }
            if pattern.suffix == nil { return (entry, star) }
            best = (entry, star)
            longest = pattern.prefix.count
        }
        return best
    }

    static func substitute(_ star: Source.Bytes, in target: String) -> String {
        target.contains("*") ? target.replacing("*", with: star.string) : target
    }
}

/// The contents of a `package.json`, as written.
struct TypeScriptPackage: Sendable {
    struct Target: Sendable {
        var path: String
        var isUsual: Bool
    }

    struct Entry: Sendable {
        var key: String
        var pattern: TypeScriptPattern
        var targets: [Target]
    }

    var name = ""
    /// `types`, `main` and similar keys, the best first.
    var mains: [String] = []
    var exports: [Entry] = []
    var imports: [Entry] = []

    init(_ facts: FileFacts) {
        var mains: [(rank: UInt32, path: String)] = []
        for index in 0..<facts.count {
            let fact = facts[index]
            let text = facts.string(fact)
            switch TypeScriptProjectReader.Kind(rawValue: fact.kind) {
            case .name: name = text
            case .main: mains.append((fact.value, text))
            case .exports: Self.add(fact, text: text, facts: facts, to: &exports)
            case .imports: Self.add(fact, text: text, facts: facts, to: &imports)
            default: break
            }
        }
        self.mains = mains.sorted { $0.rank < $1.rank }.map(\.path)
    }

    private static func add(_ fact: FileFact, text: String, facts: FileFacts, to entries: inout [Entry]) {
        let key = facts.text(Int(fact.value)).string
        let target = Target(path: text, isUsual: fact.flags & TypeScriptProjectReader.unusualCondition == 0)
        // Targets of one key are consecutive.
        if entries.last?.key == key {
            entries[entries.count - 1].targets.append(target)
        } else {
            // `"./lib/"` is the old way to write `"./lib/*"`.
            let pattern = key.hasSuffix("/") ? key + "*" : key
            let path = key.hasSuffix("/") ? text + "*" : text
            entries.append(
                Entry(
                    key: key, pattern: TypeScriptPattern(pattern),
                    targets: [Target(path: path, isUsual: target.isUsual)]))
        }
    }
}
