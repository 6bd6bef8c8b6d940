import Model
import Testing

@testable import DependencyGraph

/// Each language of the registry answers what the rest of the program asks about languages.
@Suite struct LanguageDescriptionTests {
    /// Formats of data, and assembly: files that have no tests and no checkers.
    private static let isNoProgram: Set<String> = ["json", "assembly"]
    /// Languages without a family of test frameworks that the guards know.
    private static let hasNoTests: Set<String> = ["shell", "json", "assembly", "vue", "svelte", "astro", "html"]
    private static let programs = LanguageRegistry.all.filter { !isNoProgram.contains($0.name) }

    @Test func `a name and an extension belong to one language`() {
        let names = LanguageRegistry.all.map(\.name)
        #expect(Set(names).count == names.count)
        // `inc` is a C fragment more often than PHP; the first language of the registry gets it.
        let extensions = LanguageRegistry.all.flatMap(\.extensions).filter { $0 != "inc" }
        #expect(Set(extensions).count == extensions.count)
        #expect(extensions.allSatisfy { $0 == $0.lowercased() && !$0.hasPrefix(".") })
    }

    @Test(arguments: LanguageRegistry.all.map(\.name))
    func `each file of a language is recognised by its extension`(name: String) throws {
        let place = try #require(LanguageRegistry.all.firstIndex { $0.name == name })
        let language = LanguageRegistry.all[place]
        #expect(!language.extensions.isEmpty)
        for suffix in language.extensions where suffix != "inc" {
            #expect(LanguageRegistry.detect(path: "a/b.\(suffix)").language == place, "\(suffix)")
        }
        for file in language.fileNames {
            #expect(LanguageRegistry.detect(path: "a/\(file)").language == place, "\(file)")
        }
    }

    @Test(arguments: programs.map(\.name))
    func `a programming language says how its sources are cut, tested and silenced`(name: String) throws {
        let language = try #require(LanguageRegistry.all.first { $0.name == name })
        let description = language.description
        #expect(language.lexicalTable(role: 0) != nil, "the guards read files by their tokens")
        let rules = description.suppressions
        #expect(!rules.starts.isEmpty || !rules.words.isEmpty || !rules.attributes.isEmpty)
        #expect((description.tests == nil) == Self.hasNoTests.contains(name))
    }

    @Test(arguments: LanguageRegistry.all.map(\.family))
    func `each family of languages has a fixture`(family: String) {
        let members = LanguageRegistry.all.filter { $0.family == family }.map(\.name)
        #expect(Fixture.all.contains { members.contains($0.language) || $0.language == family })
    }

    @Test func `languages with scopes look names up in an order of their own`() {
        let orders = LanguageRegistry.all.filter { $0.description.nameOrder != nil }
        #expect(orders.map(\.name) == ["java", "kotlin", "scala", "csharp"])
        #expect(orders.map(\.description.nameOrder) == [.java, .kotlin, .scala, .csharp])
        let families = Set(orders.map(\.family))
        #expect(LanguageRegistry.all.filter { families.contains($0.family) }.count == orders.count)
    }

    @Test func `comments that start with a hash belong to four languages`() {
        let found = LanguageRegistry.all.filter(\.description.hasHashComments).map(\.name)
        #expect(found == ["python", "shell", "ruby", "php"])
    }

    @Test func `packages are found by the manifests of the language`() {
        let rules = LanguageRegistry.packageRules
        #expect(rules.count == LanguageRegistry.all.count)
        #expect(rules["python"] == .chain(of: ["__init__.py", "__init__.pyi"]))
        #expect(rules["rust"] == .nearest(["Cargo.toml"]))
        #expect(rules["typescript"] == .nearest(["package.json"]))
        #expect(rules["php"] == .nearest(["composer.json"]))
        #expect(rules["csharp"] == .nearest(["*.csproj"]))
        #expect(rules["ruby"] == .nearest(["*.gemspec"]))
        #expect(rules["swift"] == .below(["Sources", "Tests"]))
        for name in ["go", "java", "kotlin", "scala", "c", "c++", "shell"] { #expect(rules[name] == .ownFolder) }
    }

    @Test func `a toolchain folder is listed once, with its parts`() {
        let folders = LanguageRegistry.toolchains
        #expect(Set(folders.map(\.name)).count == folders.count)
        #expect(
            folders.first { $0.name == ".cargo" }
                == ToolchainFolder(
                    ".cargo", parts: ["bin", "config.toml", "git", "registry"], companions: [".rustup"]))
        #expect(folders.first { $0.name == "go" }?.parts == ["bin", "pkg"])
        #expect(
            folders.map(\.name).sorted() == [
                ".bun", ".cargo", ".conda", ".deno", ".dotnet", ".fnm", ".gem", ".goenv", ".jenv", ".nodenv", ".nvm",
                ".pyenv", ".rbenv", ".rustup", ".sdkman", ".swiftenv", ".swiftly", ".volta", "anaconda3", "go",
                "miniconda3", "miniforge3",
            ])
    }
}
