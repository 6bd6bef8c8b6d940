import Git
import Model
import Prompts

/// The files of a commit that tell contributors and agents how to work in the repository.
struct ConventionFiles {
    let repository: Repository
    /// The tree of the commit.
    let tree: ObjectID
    /// Paths of files that the worker's program reads by itself. `**/` before a name stands for any directory.
    let known: Set<String>

    /// The most specific first.
    private static let names = ["AGENTS.md", "CLAUDE.md", "GEMINI.md"]
    private static let contributing = "CONTRIBUTING.md"
    private static let rootNames = [".cursorrules", contributing, ".github/\(contributing)", "docs/\(contributing)"]
    private static let rulesFolder = ".cursor/rules"
    private static let largest = 64 << 10
    private static let mostDirectories = 12

    /// Returns the files at the root, which concern every task.
    func atRoot() throws -> [PromptMaterial.Document] {
        var seen = try readByProgram()
        return try rootPaths().compactMap { try document($0, &seen) }
    }

    /// Returns the contents that the program reads by itself, so that a copy under another name is not told either.
    private func readByProgram() throws -> Set<ObjectID> {
        var contents: Set<ObjectID> = []
        for path in known {
            let path = path.hasPrefix("**/") ? String(path.dropFirst(3)) : path
            guard let entry = try repository.entry(path, inTree: tree) else { continue }
            contents.insert(entry.id)
            guard entry.mode == .symbolicLink, let bytes = try repository.bytes(of: entry.id, limit: Self.longestLink)
            else {
                continue
            }
            let target = String(decoding: bytes, as: UTF8.self).trimmingPrefix("./")
            if let file = try repository.entry(String(target), inTree: tree) { contents.insert(file.id) }
        }
        return contents
    }

    private static let longestLink = 4096

    private func rootPaths() throws -> [String] { Self.names + (try cursorRules(in: "")) + Self.rootNames }

    /// Returns the files of the directories above some files, the nearest first.
    func near(_ files: [String]) throws -> [PromptMaterial.Document] {
        var directories: Set<String> = []
        for file in files {
            var parts = file.split(separator: "/").dropLast()
            while !parts.isEmpty {
                directories.insert(parts.joined(separator: "/"))
                parts = parts.dropLast()
            }
        }
        let nearest = directories.sorted { a, b in
            let depths = (a.split(separator: "/").count, b.split(separator: "/").count)
            return depths.0 != depths.1 ? depths.0 > depths.1 : a < b
        }
        let roots = try rootPaths()
        // A copy of a file at the root is not told twice.
        var seen = try readByProgram().union(roots.compactMap { try repository.entry($0, inTree: tree)?.id })
        return try nearest.prefix(Self.mostDirectories).flatMap { directory in
            let names = Self.names.map { "\(directory)/\($0)" } + (try cursorRules(in: "\(directory)/"))
            return try (names + ["\(directory)/\(Self.contributing)"]).filter { !roots.contains($0) }.compactMap {
                try document($0, &seen)
            }
        }
    }

    /// - Parameter directory: empty for the root, or a path that ends with a slash.
    private func cursorRules(in directory: String) throws -> [String] {
        let path = directory + Self.rulesFolder
        guard let folder = try repository.directory(path, inTree: tree) else { return [] }
        return try repository.files(inTree: folder).entries.map(\.path).filter { $0.hasSuffix(".mdc") }.sorted().map {
            "\(path)/\($0)"
        }
    }

    /// Returns nil for a missing, a known, a repeated or an empty file, a link, and one that only names another file.
    private func document(_ path: String, _ seen: inout Set<ObjectID>) throws -> PromptMaterial.Document? {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard !known.contains(path), !known.contains("**/\(name)"),
            let entry = try repository.entry(path, inTree: tree),
            entry.mode == .regular || entry.mode == .executable, seen.insert(entry.id).inserted,
            let bytes = try repository.bytes(of: entry.id, limit: Self.largest)
        else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = text.split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }
        guard let first = lines.first, lines.count > 1 || !first.hasPrefix("@") else { return nil }
        return PromptMaterial.Document(path: path, text: text)
    }
}
