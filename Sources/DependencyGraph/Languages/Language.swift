/// One programming language: which files are its own, what one file says by itself, and what that means among all files.
///
/// `scan` sees the bytes of one file and nothing else, because its result is stored under the blob's id and used for any
/// path and any commit. `link` sees the facts of all files and turns them into edges.
protocol Language: Sendable {
    /// The word of the JSON output: `python`, `c`, …
    var name: String { get }

    /// Languages of one family are linked in one call, on the first of them in `LanguageRegistry`.
    var family: String { get }

    /// Raise it whenever `scan` writes other facts than before for some file: cached facts of other versions are not used.
    var version: UInt16 { get }

    /// File name extensions without the dot, lowercase.
    var extensions: [String] { get }

    /// Whole file names, project files included.
    var fileNames: [String] { get }

    /// Programs named in a `#!` line of a file without extension: `python`, `bash`, … without version and directory.
    var interpreters: [String] { get }

    /// What other parts of the program need to know about the language.
    var description: LanguageDescription { get }

    /// Tells apart files that are scanned differently although they are all of this language, such as `go.mod` from Go
    /// source: 0 is ordinary source.
    func role(of path: String) -> UInt8

    /// Whether files of a role are source of this language; other roles are scanned, but count as files without language.
    func isSource(role: UInt8) -> Bool

    /// Whether a file with lines of hundreds of bytes on average is output of a bundler that is not worth a scan.
    var ignoresMinified: Bool { get }

    /// How files of a role fall into tokens; nil where they are no source, or are read in another way.
    func lexicalTable(role: UInt8) -> LexicalTable?

    /// Writes what the file says; called on many threads at once.
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
