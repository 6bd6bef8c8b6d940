import Model

/// C, C++ and Objective-C, which include each other's headers and therefore link together.
struct C: Language {
    let name: String
    let family = "c"
    let version: UInt16 = 1
    let extensions: [String]
    var fileNames: [String] = []

    static let c = C(
        name: "c", extensions: ["c", "h", "inc", "y", "l"] + buildFileExtensions, fileNames: buildFileNames)
    static let cPlusPlus = C(
        name: "c++",
        extensions: [
            "cc", "cpp", "cxx", "c++", "hh", "hpp", "hxx", "h++", "inl", "ipp", "tpp", "tcc", "cppm", "ixx", "yy", "cu",
            "cuh",
        ])
    static let objectiveC = C(name: "objective-c", extensions: ["m", "mm"])
    /// Assembly that goes through the C preprocessor.
    static let assembly = C(name: "assembly", extensions: ["s"])

    /// The kinds of facts of a C file.
    enum Kind: UInt8 {
        /// `#include "x"`: the text is the path.
        case quoted = 1
        /// `#include <x>`
        case angled
        /// `#include_next <x>`
        case next
        /// `#include NAME`
        case macro
        /// `#define NAME "x.h"`: the value is the place of the path's text, and the flag says whether it is in `<>`.
        case definition
        /// An include directory of a build file. The flag says whether a variable precedes the text.
        case directory
        /// A `-DNAME="x.h"` of a build file, like `definition`.
        case macroOption
    }

    /// The flag of `#import`.
    static let isImport: UInt8 = 1
    /// The flag of a definition in angle brackets.
    static let isAngled: UInt8 = 1
    /// The flag of a directory that starts with a variable.
    static let hasVariable: UInt8 = 1

    private static let buildFileNames = [
        "Makefile", "makefile", "GNUmakefile", "Makefile.am", "Makefile.in", "Kbuild", "CMakeLists.txt", "meson.build",
        "compile_commands.json", "compile_flags.txt",
    ]
    private static let buildFileExtensions = ["mk", "mak", "cmake"]

    /// The role of files that name include directories.
    static let buildFile: UInt8 = 1

    func role(of path: String) -> UInt8 {
        guard !fileNames.isEmpty else { return 0 }
        var path = path
        return path.withUTF8 { path in
            let name = Source.Bytes(rebasing: path[((path.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)...])
            // A fast path: most files are headers and sources.
            if name.ends(with: ".c") || name.ends(with: ".h") { return 0 }
            let isBuildFile =
                name.ends(with: ".mk") || name.ends(with: ".mak") || name.ends(with: ".cmake")
                || Self.buildFileNames.contains { $0.utf8.elementsEqual(name) }
            return isBuildFile ? Self.buildFile : 0
        }
    }

    /// The table for readers of whole files. The scanner reads directives only.
    private static let table: LexicalTable = {
        var rules = LexicalRules()
        rules.lineComments = ["//"]
        rules.blockComments = [.init("/*", "*/")]
        rules.strings = [.init("\""), .init("'", kind: .character)]
        rules.forms = [.cppRaw, .splices]
        return LexicalTable(rules)
    }()

    func lexicalTable(role: UInt8) -> LexicalTable? { role == Self.buildFile || name == "assembly" ? nil : Self.table }

    func scan(_ source: Source, into facts: inout FactWriter) {
        if source.role == Self.buildFile {
            CBuildFileScanner(bytes: source.bytes).run(into: &facts)
        } else {
            var scanner = CScanner(bytes: source.bytes)
            scanner.run(into: &facts)
        }
    }

    func link(_ project: Project, into edges: inout EdgeList) {
        let includes = CIncludes(project)
        var found = EdgeList()
        project.resolveEach(into: &found, state: CLinker(project, includes)) { file, facts, linker, list in
            linker.run(file, facts, into: &list)
        }
        edges.append(found)
        CPairs(project, includes: found).add(to: &edges)
    }
}
