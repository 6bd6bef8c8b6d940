/// The files of a repository, as far as a scan needs them.
package struct ProjectFiles: Sendable {
    /// The files of a commit, as paths from the root, sorted.
    package var paths: [String]
    /// Bytes of each file; files without an entry count as empty.
    package var sizes: [String: Int]
    /// Git-ignored files and folders of the checkout. A folder ends in `/`, and nothing below it is listed.
    package var ignored: [String]
    package var submodules: [String]
    private let content: @Sendable (String) -> String?
    private let known: Set<String>

    /// - Parameter content: returns the text of a file of the commit; nil if it is not text.
    package init(
        paths: [String], sizes: [String: Int] = [:], ignored: [String] = [], submodules: [String] = [],
        content: @escaping @Sendable (String) -> String?
    ) {
        self.paths = paths
        self.sizes = sizes
        self.ignored = ignored
        self.submodules = submodules
        self.content = content
        known = Set(paths)
    }

    func contains(_ path: String) -> Bool { known.contains(path) }

    func text(_ path: String) -> String? { known.contains(path) ? content(path) : nil }
}

/// One folder of a repository. Its paths are relative to it.
struct ProjectFolder {
    /// From the root, with a `/` at its end; empty for the root.
    let prefix: String
    /// Every file below it.
    let paths: [String]
    private let files: ProjectFiles

    init(_ files: ProjectFiles, prefix: String = "") {
        self.files = files
        self.prefix = prefix
        paths =
            prefix.isEmpty
            ? files.paths : files.paths.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }

    func has(_ name: String) -> Bool { files.contains(prefix + name) }

    /// Returns those of some names that exist, in the given order.
    func existing(_ names: [String]) -> [String] { names.filter(has) }

    func text(_ name: String) -> String? { files.text(prefix + name) }

    /// Whether the checkout has a git-ignored file or folder of this name.
    func hasIgnored(_ name: String) -> Bool {
        files.ignored.contains(prefix + name) || files.ignored.contains("\(prefix)\(name)/")
    }

    /// Returns the files directly in this folder whose names end in one of some endings.
    func topFiles(ending endings: String...) -> [String] {
        paths.filter { path in !path.contains("/") && endings.contains { path.hasSuffix($0) } }
    }

    /// Whether a file somewhere below ends in this.
    func hasAny(ending: String) -> Bool { paths.contains { $0.hasSuffix(ending) } }

    /// Whether a folder of this name is directly here.
    func hasFolder(_ name: String) -> Bool { paths.contains { $0.hasPrefix("\(name)/") } }

    /// Returns the file names, without folders.
    func names() -> [Substring] { paths.map { $0.split(separator: "/").last ?? "" } }
}
