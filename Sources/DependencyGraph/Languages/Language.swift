/// A programming language: its files, the facts of one file, and the edges that follow from the facts of all files.
///
/// `scan` sees the bytes of one file only, because its result is stored under the blob's id and used for any path and
/// any commit. `link` sees the facts of all files and turns them into edges.
protocol Language: Sendable {
    /// The name in the JSON output: `python`, `c`, …
    var name: String { get }

    /// Languages of one family are linked in one call, to the first of them in `LanguageRegistry`.
    var family: String { get }

    /// The version of the scanner. Raise it whenever `scan` writes other facts than before: cached facts of other
    /// versions are not used.
    var version: UInt16 { get }

    /// File name extensions without the dot, lowercase.
    var extensions: [String] { get }

    /// Whole file names, project files included.
    var fileNames: [String] { get }

    /// Programs in the `#!` line of a file without extension, without version and directory: `python`, `bash`, …
    var interpreters: [String] { get }

    /// What other parts of the program need to know about the language.
    var description: LanguageDescription { get }

    /// The role of a file of this language, if files are scanned differently, such as `go.mod` and Go source. 0 is
    /// ordinary source.
    func role(of path: String) -> UInt8

    /// Whether files of a role are source of this language. Files of other roles are scanned, but have no language in
    /// the graph.
    func isSource(role: UInt8) -> Bool

    /// Whether files with very long lines are skipped, because a bundler has made them.
    var ignoresMinified: Bool { get }

    /// The table that cuts files of a role into tokens. nil if they are not source, or are read in another way.
    func lexicalTable(role: UInt8) -> LexicalTable?

    /// Writes the facts of a file. Called on many threads at once.
    func scan(_ source: Source, into facts: inout FactWriter)

    /// Adds the edges between the files of the family, and from them to any other file.
    func link(_ project: Project, into edges: inout EdgeList)
}

extension Language {
    var family: String { name }
    var fileNames: [String] { [] }
    var interpreters: [String] { [] }
    func role(of path: String) -> UInt8 { 0 }
    func isSource(role: UInt8) -> Bool { role == 0 }
    var ignoresMinified: Bool { false }
    func lexicalTable(role: UInt8) -> LexicalTable? { nil }
}
