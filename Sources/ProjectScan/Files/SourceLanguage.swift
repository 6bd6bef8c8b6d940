/// A programming language, known by the endings of its files.
package struct SourceLanguage: Sendable, Equatable {
    package let name: String
    /// Endings of file names, each with its dot. The first one is the usual one.
    let endings: [String]
    /// Globs of tests, which a migration leaves out unless a person says otherwise.
    let tests: [String]

    private init(_ name: String, _ endings: String..., tests: [String] = []) {
        self.name = name
        self.endings = endings
        self.tests = tests
    }

    static let all: [SourceLanguage] = [
        SourceLanguage("Python", ".py", tests: ["**/test_*.py", "**/*_test.py", "**/conftest.py"]),
        SourceLanguage("TypeScript", ".ts", ".tsx", ".mts", ".cts", tests: script(["ts", "tsx", "mts", "cts"])),
        SourceLanguage("JavaScript", ".js", ".jsx", ".mjs", ".cjs", tests: script(["js", "jsx", "mjs", "cjs"])),
        SourceLanguage("Java", ".java", tests: ["**/src/test/**", "src/test/**", "**/*Test.java"]),
        SourceLanguage("Kotlin", ".kt", tests: ["**/src/test/**", "src/test/**", "**/*Test.kt"]),
        SourceLanguage("Go", ".go", tests: ["**/*_test.go", "**/testdata/**"]),
        SourceLanguage("Rust", ".rs"),
        SourceLanguage("C", ".c", ".h"),
        SourceLanguage("C++", ".cpp", ".cc", ".cxx", ".hpp", ".hh", ".hxx"),
        SourceLanguage("Swift", ".swift", tests: ["Package.swift"]),
        SourceLanguage("Ruby", ".rb", tests: ["**/*_test.rb", "**/*_spec.rb", "**/test_*.rb"]),
        SourceLanguage("PHP", ".php", tests: ["**/*Test.php"]),
        SourceLanguage("C#", ".cs", tests: ["**/*Tests.cs", "**/*Test.cs"]),
        SourceLanguage("Perl", ".pl", ".pm"),
        SourceLanguage("Shell", ".sh"),
        SourceLanguage("Scala", ".scala"),
        SourceLanguage("SQL", ".sql"),
    ]

    /// Folders of tests in any language.
    static let testFolders = ["tests/**", "test/**", "Tests/**", "spec/**", "**/__tests__/**", "t/**"]

    private static func script(_ endings: [String]) -> [String] {
        let set = "{\(endings.joined(separator: ","))}"
        return ["**/*.test.\(set)", "**/*.spec.\(set)"]
    }

    static func of(_ path: String) -> SourceLanguage? {
        guard let dot = path.lastIndex(of: ".") else { return nil }
        let ending = String(path[dot...])
        return all.first { $0.endings.contains(ending) }
    }

    static func named(_ name: String) -> SourceLanguage? { all.first { $0.name == name } }

    /// A glob of every file of the language, below a folder.
    func glob(below folder: String = "") -> String {
        let words = endings.map { String($0.dropFirst()) }
        let ending = words.count == 1 ? words[0] : "{\(words.joined(separator: ","))}"
        return "\(folder)**/*.\(ending)"
    }
}
