/// Reads the directories with sources from `pyproject.toml` and `setup.cfg`.
///
/// Knows the settings of setuptools, Poetry, PDM, Hatch and pytest. Other settings of the same names are harmless,
/// because a directory that does not exist is not used.
enum PythonProjectFile {
    /// Keys whose values are directories.
    private static let directories: Set<Substring> = ["where", "package-dir", "package_dir", "pythonpath", "from"]

    static func scan(_ bytes: Source.Bytes, into facts: inout FactWriter) {
        var key: Substring = ""
        var section: Substring = ""
        for (index, line) in bytes.string.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = line.prefix { $0 != "#" }
            guard let first = line.first(where: { !$0.isWhitespace }) else { continue }
            var value = line
            if line.hasPrefix("[") {
                section = line.dropFirst().prefix { $0 != "]" }
                key = ""
                continue
            }
            if let equals = line.firstIndex(of: "="), first != "=", first != "{", !line.hasPrefix(" "),
                !line.hasPrefix("\t")
            {
                key = trimmed(line[..<equals])
                value = line[line.index(after: equals)...]
            }
            let isMap = section.hasSuffix(".package-dir") || section.hasSuffix(":package-dir")
            let isPackage = key == "packages" && section.hasPrefix("tool.hatch.")
            let isPoetry = key == "packages" && section == "tool.poetry"
            for (name, path) in values(value) where isMap || isPackage || isPoetry || directories.contains(key) {
                // A name before the directory is the package that it contains.
                if isMap || key == "package-dir" || key == "package_dir", !name.isEmpty { continue }
                if isMap, !key.isEmpty { continue }
                if isPoetry, name != "from" { continue }
                add(isPackage ? parent(of: path) : path, line: UInt32(index + 1), into: &facts)
            }
        }
    }

    private static func add(_ path: Substring, line: UInt32, into facts: inout FactWriter) {
        guard !path.isEmpty, path != "." else { return }
        facts.add(kind: Python.Kind.root.rawValue, string: String(path), line: line)
    }

    private static func parent(of path: Substring) -> Substring {
        path.lastIndex(of: "/").map { path[..<$0] } ?? ""
    }

    /// The values of a list, of a table on one line, or of `a = b` lines, each with the name before its `=`.
    private static func values(_ text: Substring) -> [(name: Substring, value: Substring)] {
        text.split { ",[]{}".contains($0) }.flatMap { part -> [(Substring, Substring)] in
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let last = halves.last else { return [] }
            return [(halves.count == 2 ? trimmed(halves[0]) : "", trimmed(last))]
        }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let isOuter = { (character: Character) in character.isWhitespace || character == "\"" || character == "'" }
        var text = text.drop(while: isOuter)
        while let last = text.last, isOuter(last) { text = text.dropLast() }
        return text
    }
}
