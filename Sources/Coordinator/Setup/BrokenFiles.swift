import Git
import Model

/// Files in scope that are broken on purpose, to learn whether a check sees them.
struct BrokenFiles: Sendable, Equatable {
    /// Sorted by path, each with its language; nil for a file of no known language.
    private(set) var files: [(path: String, language: String?)]

    /// Whether every file has a language in which it is now wrong. A file of another kind can only be emptied, which many
    /// tools accept.
    var isCertain: Bool { files.allSatisfy { $0.language.map { !Self.tolerant.contains($0) } ?? false } }

    var paths: [String] { files.map(\.path) }

    static func == (a: BrokenFiles, b: BrokenFiles) -> Bool {
        a.paths == b.paths && a.files.map(\.language) == b.files.map(\.language)
    }

    /// Languages whose tools accept any text.
    private static let tolerant: Set<String> = ["html"]
    /// Languages of files that tools read before any code, such as `package.json`.
    private static let settings: Set<String> = ["json"]

    /// Files that a tool loads by itself. If one is broken, a check fails although it may not see any other file.
    private static let ofTools: Set<String> = [
        "conftest.py", "setup.py", "noxfile.py", "manage.py", "sitecustomize.py", "tasks.py", "Package.swift",
        "build.rs",
        "build.gradle.kts", "settings.gradle.kts", "build.sbt", "Rakefile", "gulpfile.js", "Gruntfile.js",
        "Jakefile.js",
        "gradlew", "configure",
    ]

    private init(_ files: [RepositoryGraph.File]) {
        self.files = files.map { ($0.path, $0.language) }
    }

    /// Chooses the most telling files of a scope: sources that only other code loads. Without such files, chooses all
    /// sources; without sources, all files.
    ///
    /// A broken test or build file makes a check fail, whatever code the check loads.
    /// - Parameters:
    ///   - paths: the files of the tasks.
    ///   - commands: of the checks. A file that one of them names is not telling.
    init(among paths: Set<String>, of graph: RepositoryGraph, commands: [String]) {
        let scope = graph.files.filter { $0.traits.isDisjoint(with: .noFile) && paths.contains($0.path) }
        let sources = scope.filter { file in file.language.map { !Self.tolerant.contains($0) } ?? false }
        let telling = sources.filter { file in
            file.traits.isDisjoint(with: [.test, .generated, .vendored])
                && !Self.settings.contains(file.language ?? "") && !Self.isOfTool(file.path)
                && !commands.contains { $0.contains(file.path) }
        }
        self.init([telling, sources, scope].first { !$0.isEmpty } ?? [])
    }

    private static func isOfTool(_ path: String) -> Bool {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let parts = name.split(separator: ".")
        return ofTools.contains(name) || (parts.count > 2 && parts[parts.count - 2] == "config")
    }

    /// Two parts of equal size, the second one first; none of a single file.
    var halves: [BrokenFiles] {
        guard files.count > 1 else { return [] }
        var (first, second) = (self, self)
        first.files = Array(files[..<(files.count / 2)])
        second.files = Array(files[(files.count / 2)...])
        return [second, first]
    }

    /// Returns a commit without a ref: the base with these files broken.
    func commit(on base: ObjectID, in repository: Repository) throws(GitError) -> ObjectID {
        let tree = try repository.treeOf(base)
        var changes: [(path: String, entry: (mode: FileMode, id: ObjectID)?)] = []
        for file in files {
            guard let old = try repository.entry(file.path, inTree: tree) else { continue }
            changes.append((file.path, (old.mode, try repository.writeBlob(Self.content(file.language)))))
        }
        let signature = Signature(name: "orchestrate", email: "orchestrate@localhost", seconds: 0, offsetMinutes: 0)
        return try repository.commit(
            tree: repository.tree(base: tree, applying: changes), parents: [base], message: "broken on purpose",
            author: signature, committer: signature)
    }

    /// A text that no language accepts, not even as the only line of a file.
    private static func content(_ language: String?) -> [UInt8] {
        guard let language, !tolerant.contains(language) else { return [] }
        // Outside of its marks, PHP accepts any text.
        let start = language == "php" ? "<?php " : ""
        return Array("\(start){[(<<<<<<< broken on purpose, to see whether a check notices (verify.probe)\n".utf8)
    }
}
