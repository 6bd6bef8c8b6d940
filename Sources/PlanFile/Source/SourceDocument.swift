import Yams

/// Parses the text of a file into nodes and reports syntax errors.
///
/// Two problems of Yams are worked around. Both workarounds replace single characters, so that all places stay correct:
/// - Yams copies aliases and hashes whole keys, so an alias in a key can take exponential time. Here the `*` of each
///   alias is replaced by a character that the file does not use. The alias is parsed as plain text, and
///   `SourceComposer` resolves it within a limit.
/// - Yams stops at the first duplicate key and reports only one place. Here that key is renamed and the text is parsed
///   again. `SourceComposer` restores the key and reports both places.
struct SourceDocument {
    private let text: String
    let lines: SourceLines
    let findings: Findings

    /// The maximum number of renamed keys in one file. Each takes a separate character, since the same key can occur
    /// three times.
    private static let maximumRenames = 50

    /// The maximum number of characters to parse again for duplicate keys, about a second of work.
    private static let maximumReparsed = 2 << 20

    init(_ text: String, lines: SourceLines, findings: Findings) {
        self.text = text
        self.lines = lines
        self.findings = findings
    }

    /// Returns the value of the file, or nil after a problem has been reported.
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
        findings.error("the file has \(rounds) or more duplicate keys", at: .wholeFile)
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
            // The basic resolver leaves the type of a scalar to its key. The encoding is set because the default one
            // depends on the environment.
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

    /// Returns the index of the first character of a key, or nil if it cannot be changed.
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
