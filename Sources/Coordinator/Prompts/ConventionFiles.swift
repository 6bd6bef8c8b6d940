import Git
import Model
import Prompts

/// The files of a commit that tell contributors and agents how to work in the repository.
struct ConventionFiles {
    let repository: Repository
    /// The tree of the commit.
    let tree: ObjectID
    /// Names of files that the worker's program reads by itself.
    let known: Set<String>

    /// The most specific first. Only the root has the last ones.
    private static let names = ["AGENTS.md", "CLAUDE.md", "GEMINI.md"]
    private static let rootNames = [".cursorrules", "CONTRIBUTING.md"]
    private static let rulesFolder = ".cursor/rules"
    private static let largest = 64 << 10
    private static let mostDirectories = 12

    /// Returns the files at the root, which concern every task.
    func atRoot() throws -> [PromptMaterial.Document] {
        var seen: Set<ObjectID> = []
        let paths = Self.names + (try cursorRules()) + Self.rootNames
        return try paths.compactMap { try document($0, &seen) }
    }

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
        var seen: Set<ObjectID> = []
        return try nearest.prefix(Self.mostDirectories).flatMap { directory in
            try Self.names.compactMap { try document("\(directory)/\($0)", &seen) }
        }
    }

    private func cursorRules() throws -> [String] {
        guard let folder = try repository.directory(Self.rulesFolder, inTree: tree) else { return [] }
        return try repository.files(inTree: folder).entries.map(\.path).filter { $0.hasSuffix(".mdc") }.sorted().map {
            "\(Self.rulesFolder)/\($0)"
        }
    }

    /// Returns nil for a missing, a known, a repeated or an empty file, a link, and one that only names another file.
    private func document(_ path: String, _ seen: inout Set<ObjectID>) throws -> PromptMaterial.Document? {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard !known.contains(name), !known.contains(path), let entry = try repository.entry(path, inTree: tree),
            entry.mode == .regular || entry.mode == .executable, seen.insert(entry.id).inserted,
            let bytes = try repository.bytes(of: entry.id, limit: Self.largest)
        else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = text.split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }
        guard let first = lines.first, lines.count > 1 || !first.hasPrefix("@") else { return nil }
        return PromptMaterial.Document(path: path, text: text)
    }
}
