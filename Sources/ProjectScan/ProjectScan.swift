import Foundation
import Model

/// A scan of the files of a repository for its languages, build tools, dependencies and tests.
///
/// It only reads what `ProjectFiles` offers and starts no program.
package struct ProjectScan {
    private let files: ProjectFiles

    /// Levels of folders below the root in which projects are looked for.
    private static let depth = 3
    /// Projects below the root that are proposed.
    private static let mostProjects = 6
    /// Folders that hold the code of others.
    private static let foreign: Set<Substring> = [
        "vendor", "third_party", "node_modules", "external", "examples", "example", "fixtures", "testdata", "dist",
    ]
    private static let guidance = [
        "AGENTS.md", "CLAUDE.md", "GEMINI.md", ".github/copilot-instructions.md", ".cursorrules", "CONTRIBUTING.md",
    ]
    private static let owners = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"]

    package init(_ files: ProjectFiles) { self.files = files }

    package func profile() -> ProjectProfile {
        let languages = languages()
        let toolchains = toolchains()
        let scope = ScopeFinder(files, languages: languages, toolchains: toolchains).proposal
        return ProjectProfile(
            files: files.paths.count, bytes: files.sizes.values.reduce(0, +), languages: languages,
            toolchains: toolchains, submodules: files.submodules, guidance: Self.guidance.filter(files.contains),
            owners: Self.owners.first(where: files.contains), copies: copies(of: scope), scope: scope)
    }

    private func languages() -> [ProjectProfile.Language] {
        var found: [String: ProjectProfile.Language] = [:]
        for path in files.paths where !Self.isForeign(path) {
            guard let language = SourceLanguage.of(path) else { continue }
            found[language.name, default: .init(name: language.name, files: 0, bytes: 0, share: 0)].files += 1
            found[language.name]?.bytes += files.sizes[path] ?? 0
        }
        let total = max(1, found.values.reduce(0) { $0 + $1.bytes })
        return found.values.map { language in
            var language = language
            language.share = (language.bytes * 100 + total / 2) / total
            return language
        }.sorted { ($1.bytes, $1.files, $0.name) < ($0.bytes, $0.files, $1.name) }
    }

    // MARK: Projects

    private func toolchains() -> [Toolchain] {
        let root = ProjectFolder(files)
        var found = ProjectKind.all.filter { kind in
            !kind.manifests.isEmpty && Self.isProject(root.paths.filter { !$0.contains("/") }, of: kind)
        }.compactMap { $0.detect(root) }
        let candidates = subfolders()
        for kind in ProjectKind.all {
            let covered = kind.coversSubfolders && found.contains { $0.folder.isEmpty && isSameKind($0, kind, root) }
            if covered { continue }
            for (folder, names) in candidates where Self.isProject(names, of: kind) {
                if found.count >= Self.mostProjects { break }
                if let project = kind.detect(ProjectFolder(files, prefix: folder)) {
                    found.append(project.moved(to: folder))
                }
            }
        }
        // Files without any manifest: their language alone tells how they are checked.
        if found.isEmpty { found = [ProjectKind.python, .plainJava, .ruby, .php].compactMap { $0.detect(root) } }
        if found.isEmpty { found = [ProjectKind.javaScript].compactMap { $0.detect(root) } }
        return Self.withoutGenericMake(found)
    }

    private func isSameKind(_ toolchain: Toolchain, _ kind: ProjectKind, _ root: ProjectFolder) -> Bool {
        kind.detect(root)?.tool == toolchain.tool
    }

    /// A Makefile beside the build file of a language usually calls that language's own tool.
    private static func withoutGenericMake(_ found: [Toolchain]) -> [Toolchain] {
        found.filter { toolchain in
            toolchain.tool != "make" || !found.contains { $0.tool != "make" && $0.folder == toolchain.folder }
        }
    }

    private static func isProject(_ names: [String], of kind: ProjectKind) -> Bool {
        kind.manifests.contains { manifest in
            manifest.hasPrefix("*") ? names.contains { $0.hasSuffix(manifest.dropFirst()) } : names.contains(manifest)
        }
    }

    /// Returns the folders near the root with the names of the files in them, sorted by path.
    private func subfolders() -> [(folder: String, names: [String])] {
        var found: [String: [String]] = [:]
        for path in files.paths where !Self.isForeign(path) {
            guard let slash = path.lastIndex(of: "/") else { continue }
            let folder = String(path[...slash])
            guard folder.count(where: { $0 == "/" }) <= Self.depth else { continue }
            found[folder, default: []].append(String(path[path.index(after: slash)...]))
        }
        return found.sorted { $0.key < $1.key }.map { (folder: $0.key, names: $0.value) }
    }

    static func isForeign(_ path: String) -> Bool {
        path.split(separator: "/").dropLast().contains { foreign.contains($0) }
    }

    // MARK: Ignored files

    /// Settings that stay out of Git and that tests may need.
    private static let settings = [
        ".env", ".env.*", "**/.env", "local.properties", "**/local.properties", "*.local.{json,yml,yaml,toml}",
        "config/*.local.*", "config/master.key", "secrets.{json,yml,yaml,toml}",
    ]

    private func copies(of scope: ScopeProposal?) -> [String] {
        let settings = try? GlobSet(Self.settings)
        let source = scope.flatMap { SourceLanguage.named($0.language) }
        return files.ignored.filter { path in
            if path.hasSuffix("/") || Self.isForeign(path) { return false }
            // A generated source file is ignored, and still imported.
            let isSource = source.map { language in language.endings.contains { path.hasSuffix($0) } } ?? false
            return settings?.matches(path) ?? false || isSource
        }.sorted()
    }
}

/// The choice of the files of a migration.
private struct ScopeFinder {
    private let files: ProjectFiles
    private let language: SourceLanguage?

    init(_ files: ProjectFiles, languages: [ProjectProfile.Language], toolchains: [Toolchain]) {
        self.files = files
        let checked = Set(toolchains.map(\.language))
        // A language that the checks judge is preferred over a larger one that they do not.
        let chosen = languages.first { checked.contains($0.name) } ?? languages.first
        language = chosen.flatMap { SourceLanguage.named($0.name) }
    }

    var proposal: ScopeProposal? {
        guard let language else { return nil }
        let own = files.paths.filter { path in
            language.endings.contains { path.hasSuffix($0) }
        }
        let rules = SourceLanguage.testFolders + language.tests + foreignFolders(own)
        let matching = rules.filter { rule in
            guard let glob = try? Glob(rule) else { return false }
            return own.contains(where: glob.matches)
        }
        let excluded = try? GlobSet(matching)
        let rest = own.filter { !(excluded?.matches($0) ?? false) }
        if rest.isEmpty {
            // A repository of tests only: they are the code.
            return ScopeProposal(language: language.name, include: [language.glob()], exclude: [], files: own.count)
        }
        return ScopeProposal(
            language: language.name, include: [language.glob()], exclude: matching, files: rest.count)
    }

    private func foreignFolders(_ paths: [String]) -> [String] {
        var folders: Set<String> = []
        for path in paths where ProjectScan.isForeign(path) {
            var prefix = ""
            for part in path.split(separator: "/").dropLast() {
                prefix += "\(part)/"
                if ProjectScan.isForeign("\(part)/x") { break }
            }
            folders.insert("\(prefix)**")
        }
        return folders.sorted()
    }
}
