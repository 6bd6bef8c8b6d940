/// Reads the settings for module names in `package.json`, `tsconfig.json` and the lists of workspaces.
///
/// Accepts comments and trailing commas, as TypeScript does.
struct TypeScriptProjectReader {
    /// The kinds of facts of a project file. The value is the place of a second text, if there is one.
    enum Kind: UInt8 {
        // Kinds of source files come first, so that each number has one meaning.
        case name = 16
        /// `main` and similar keys: the value is the rank among them.
        case main
        /// A target of `exports` for the subpath in the value; empty if the subpath is blocked.
        case exports
        /// A target of `imports` for the name in the value.
        case imports
        /// A glob of package directories. A glob with `!` excludes directories.
        case workspace
        /// `"dependencies": {"a": "file:../a"}`: the text is the path, the value the name.
        case link
        case extends
        case baseURL
        /// A target of `paths` for the pattern in the value.
        case path
        case rootDirs
        case rootDir
        case outDir
        case reference
    }

    /// The flag of a target with a condition that is false for TypeScript.
    static let unusualCondition: UInt8 = 1

    private static let conditions: Set<String> = ["types", "import", "require", "node", "default", "module-sync"]
    private static let mains = ["types", "typings", "source", "main", "module", "browser"]
    private static let dependencies: Set<String> = [
        "dependencies", "devDependencies", "peerDependencies", "optionalDependencies",
    ]

    private let source: Source
    private var keys: [String] = []

    init(_ source: Source) { self.source = source }

    mutating func run(into facts: inout FactWriter) {
        let isJSON = source.bytes.first { $0 > 0x20 && $0 < 0x80 } == UInt8(ascii: "{")
        if isJSON {
            json(into: &facts)
        } else if source.role == TypeScript.Role.workspace.rawValue {
            yaml(into: &facts)
        }
    }

    private mutating func json(into facts: inout FactWriter) {
        JSONLeaves.each(in: source) { keys, text, line in
            self.keys = keys
            value(text, line: line, into: &facts)
        }
    }

    private mutating func value(_ text: Source.Bytes, line: UInt32, into facts: inout FactWriter) {
        guard let first = keys.first else { return }
        switch TypeScript.Role(rawValue: source.role) {
        case .package: package(first, text, line: line, into: &facts)
        case .config: config(first, text, line: line, into: &facts)
        case .workspace:
            if first == "packages" { add(.workspace, text, line: line, into: &facts) }
        default: break
        }
    }

    private func add(
        _ kind: Kind, _ text: Source.Bytes, line: UInt32, value: UInt32 = 0, flags: UInt8 = 0,
        into facts: inout FactWriter
    ) {
        let text = Self.unescaped(text)
        facts.add(kind: kind.rawValue, string: text, line: line, value: value, flags: flags)
    }

    /// JSON may write a slash as `\/`. Paths with other escapes are not followed.
    private static func unescaped(_ text: Source.Bytes) -> String {
        text.string.replacing("\\/", with: "/")
    }

    private func place(of text: String, into facts: inout FactWriter) -> UInt32 {
        var text = text
        return text.withUTF8 { facts.place(of: $0) }
    }

    private mutating func package(_ first: String, _ text: Source.Bytes, line: UInt32, into facts: inout FactWriter) {
        switch first {
        case "name" where keys.count == 1:
            add(.name, text, line: line, into: &facts)
        case "exports", "imports":
            // Lists add an empty key.
            let rest = keys.dropFirst().filter { !$0.isEmpty }
            let isKeyed = rest.first.map { $0.hasPrefix(".") || $0.hasPrefix("#") } ?? false
            let subpath = isKeyed ? rest[0] : "."
            let isUsual = rest.dropFirst(isKeyed ? 1 : 0).allSatisfy {
                Self.conditions.contains($0) || $0.hasPrefix("types@")
            }
            add(
                first == "exports" ? .exports : .imports, text, line: line, value: place(of: subpath, into: &facts),
                flags: isUsual ? 0 : Self.unusualCondition, into: &facts)
        case "workspaces" where keys.count == 2 && keys[1].isEmpty || keys.count > 1 && keys[1] == "packages":
            add(.workspace, text, line: line, into: &facts)
        default:
            if keys.count == 1, let rank = Self.mains.firstIndex(of: first) {
                add(.main, text, line: line, value: UInt32(rank), into: &facts)
            } else if keys.count == 2, Self.dependencies.contains(first) {
                let path = text.string
                for scheme in ["file:", "link:", "portal:"] where path.hasPrefix(scheme) {
                    facts.add(
                        kind: Kind.link.rawValue, string: String(path.dropFirst(scheme.count)), line: line,
                        value: place(of: keys[1], into: &facts))
                }
            }
        }
    }

    private mutating func config(_ first: String, _ text: Source.Bytes, line: UInt32, into facts: inout FactWriter) {
        if first == "extends" {
            add(.extends, text, line: line, into: &facts)
        } else if first == "references", keys.last == "path" {
            add(.reference, text, line: line, into: &facts)
        } else if first == "compilerOptions", keys.count >= 2 {
            switch keys[1] {
            case "baseUrl": add(.baseURL, text, line: line, into: &facts)
            case "rootDir": add(.rootDir, text, line: line, into: &facts)
            case "outDir": add(.outDir, text, line: line, into: &facts)
            case "rootDirs": add(.rootDirs, text, line: line, into: &facts)
            case "paths" where keys.count >= 3:
                add(.path, text, line: line, value: place(of: keys[2], into: &facts), into: &facts)
            default: break
            }
        }
    }

    /// The list below `packages:` of `pnpm-workspace.yaml`: one glob per line, quoted or not.
    private func yaml(into facts: inout FactWriter) {
        var isPackages = false
        for (index, line) in source.bytes.string.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let text = line.prefix { $0 != "#" }
            guard let first = text.first(where: { !$0.isWhitespace }) else { continue }
            if first != "-" {
                isPackages = text.hasPrefix("packages:")
                continue
            }
            guard isPackages else { continue }
            let glob = text.drop { $0.isWhitespace || $0 == "-" }
                .filter { $0 != "'" && $0 != "\"" && !$0.isWhitespace }
            facts.add(kind: Kind.workspace.rawValue, string: String(glob), line: UInt32(index + 1))
        }
    }
}
