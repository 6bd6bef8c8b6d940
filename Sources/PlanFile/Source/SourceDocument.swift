import Yams

/// Parses the text of a file into nodes, reporting what is no YAML.
///
/// Two habits of Yams are worked around, both by changing single characters so that every place stays true:
/// - It resolves an alias by copying and hashes whole keys, so that an alias in a key can take exponential time.
///   Here the `*` of each alias is replaced by a character that the file does not use, the alias is parsed as plain
///   text and resolved by `SourceComposer`, within a limit.
/// - It stops at the first duplicate key and tells only one place. Here the key it names is made different and the
///   text parsed again; `SourceComposer` restores the key and reports both places.
struct SourceDocument {
    private let text: String
    let lines: SourceLines
    let findings: Findings

    /// Keys made different in one file before its duplicates count as hopeless; each takes a character of its own,
    /// since the same key can be there three times.
    private static let maximumRenames = 50

    /// Characters that are parsed again to find them, which takes about a second.
    private static let maximumReparsed = 2 << 20

    init(_ text: String, lines: SourceLines, findings: Findings) {
        self.text = text
        self.lines = lines
        self.findings = findings
    }

    /// - Returns: the file's one value, or nil if it has none that can be used; then that has been reported.
    func read() -> SourceNode? {
        let unused = unusedScalars()
        guard unused.count == Self.maximumRenames + 1, let alias = unused.first else {
            findings.error("the file uses almost every private-use character of Unicode", at: .wholeFile)
            return nil
        }
        var scalars = Array(text.unicodeScalars)
        for index in scalars.indices.dropLast() where scalars[index] == "*" && Self.isName(scalars[index + 1]) {
            scalars[index] = alias
        }
        var composer = SourceComposer(findings: findings, alias: alias)
        let rounds = max(2, min(Self.maximumRenames, Self.maximumReparsed / max(1, scalars.count)))
        for replacement in unused.dropFirst().prefix(rounds) {
            switch parse(scalars, with: &composer) {
            case .done(let node): return node
            case .duplicate(let place, let keys):
                guard let index = keyIndex(at: place, in: scalars), scalars[index] != alias else {
                    let keys = keys.replacing(String(alias), with: "*")
                    findings.error("duplicate key \(keys)", at: place)
                    return nil
                }
                composer.originals[place] = scalars[index]
                scalars[index] = replacement
            }
        }
        findings.error("\(rounds) keys or more are there twice", at: .wholeFile)
        return nil
    }

    private enum Outcome {
        case done(SourceNode?)
        case duplicate(Place, keys: String)
    }

    private func parse(_ scalars: [Unicode.Scalar], with composer: inout SourceComposer) -> Outcome {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        do {
            // The resolver without rules leaves the kind of a scalar to the key that it stands under, and the
            // encoding is named because the default one reads the environment.
            let parser = try Parser(yaml: String(view), resolver: .basic, encoding: .utf8)
            guard let root = try parser.singleRoot() else {
                findings.error("the file is empty", at: .wholeFile, hint: "a plan starts with 'version: 1'")
                return .done(nil)
            }
            // Nodes hold their anchors weakly; the parser owns them.
            return withExtendedLifetime(parser) { .done(composer.compose(root)) }
        } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
            let place = Place(line: context.mark.line, column: context.mark.column)
            return .duplicate(place, keys: keys.map { "'\($0)'" }.joined(separator: ", "))
        } catch let error as YamlError {
            report(error)
        } catch {
            findings.error("the file cannot be parsed: \(error)", at: .wholeFile)
        }
        return .done(nil)
    }

    /// Where in the text the first character of a key stands, or nil if it cannot be changed.
    private func keyIndex(at place: Place, in scalars: [Unicode.Scalar]) -> Int? {
        var index = lines.index(of: place)
        guard scalars.indices.contains(index) else { return nil }
        if scalars[index] == "\"" || scalars[index] == "'" { index += 1 }
        guard scalars.indices.contains(index), !"|>?&!\\\"'\n".unicodeScalars.contains(scalars[index]) else {
            return nil
        }
        return index
    }

    private func unusedScalars() -> [Unicode.Scalar] {
        let used = Set(text.unicodeScalars.lazy.filter { (0xE000...0xF8FF).contains($0.value) })
        return Array(
            (UInt32(0xE000)...0xF8FF).lazy.compactMap(Unicode.Scalar.init).filter { !used.contains($0) }.prefix(
                Self.maximumRenames + 1))
    }

    static func isName(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
        default: false
        }
    }
}
