import Foundation

/// The parts of a `package.json` that tell how to build and test.
struct PackageManifest {
    var scripts: [String: String] = [:]
    /// Names of all dependencies, including those for development.
    var dependencies: Set<String> = []
    /// The value of `packageManager`, such as `pnpm@9.1.0`.
    var manager: String?
    var hasWorkspaces = false

    init?(_ text: String?) {
        guard let text, let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else {
            return nil
        }
        scripts = object["scripts"] as? [String: String] ?? [:]
        for key in ["dependencies", "devDependencies", "optionalDependencies"] {
            dependencies.formUnion((object[key] as? [String: Any] ?? [:]).keys)
        }
        manager = object["packageManager"] as? String
        hasWorkspaces = object["workspaces"] != nil
    }
}

/// The parts of a `composer.json` that tell how to test.
struct ComposerManifest {
    var packages: Set<String> = []
    var scripts: Set<String> = []

    init?(_ text: String?) {
        guard let text, let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else {
            return nil
        }
        for key in ["require", "require-dev"] {
            // `php` and `ext-json` name the interpreter and its parts, which Composer does not install.
            packages.formUnion((object[key] as? [String: Any] ?? [:]).keys.filter { $0.contains("/") })
        }
        scripts = Set((object["scripts"] as? [String: Any] ?? [:]).keys)
    }
}

/// A reader for the few parts of TOML and INI files that a scan looks at.
struct SectionedText {
    private var sections: [String: [Substring]] = [:]

    init(_ text: String) {
        var section = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let trimmed = line.trimmingCharacters(in: .whitespaces)
            // An array may have a line of its own that begins with a bracket, but not at the start of the line.
            if line.hasPrefix("["), trimmed.hasSuffix("]"), !trimmed.contains("\"") {
                section = trimmed.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
                sections[section, default: []] += []
            } else {
                sections[section, default: []].append(line)
            }
        }
    }

    /// Whether a section exists whose name is this, or begins with this and a dot.
    func has(_ section: String) -> Bool {
        sections.keys.contains { $0 == section || $0.hasPrefix("\(section).") }
    }

    /// Returns the quoted strings of an array; nil if the key does not exist.
    func strings(of key: String, in section: String) -> [String]? {
        guard let lines = sections[section] else { return nil }
        guard
            let start = lines.firstIndex(where: { line in
                let parts = line.split(separator: "=", maxSplits: 1)
                return parts.count == 2 && parts[0].trimmingCharacters(in: .whitespaces) == key
            })
        else { return nil }
        let rest = lines[start...].joined(separator: "\n").drop { $0 != "=" }
        guard let open = rest.firstIndex(of: "[") else { return nil }
        return Self.quoted(rest[rest.index(after: open)...])
    }

    /// Returns the quoted strings up to the closing bracket. Brackets within quotes do not count.
    private static func quoted(_ text: Substring) -> [String] {
        var found: [String] = []
        var quote: Character?
        var current = ""
        for character in text {
            if let open = quote {
                if character == open {
                    found.append(current)
                    (quote, current) = (nil, "")
                } else {
                    current.append(character)
                }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == "]" {
                break
            }
        }
        return found
    }
}
