package import Model

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// All languages, and the detection of a file's language.
package enum LanguageRegistry {
    /// A new language is one line here. The first language of a family links it.
    static let all: [any Language] = [
        Python(),
        C.c,
        C.cPlusPlus,
        C.objectiveC,
        C.assembly,
        Shell(),
        TypeScript(),
        JSONFile(),
        Component.vue,
        Component.svelte,
        Component.astro,
        Component.html,
        Go(),
        Java(),
        Kotlin(),
        Scala(),
        Swift(),
        Rust(),
        CSharp(),
        Ruby(),
        PHP(),
    ]

    /// The first language of each family, whose `link` links the family.
    static var families: [any Language] { linking.families }
    /// The place in `families` of each language.
    static var familyOf: [Int] { linking.familyOf }

    private static let linking: (families: [any Language], familyOf: [Int]) = {
        var families: [any Language] = []
        let familyOf = all.map { language in
            if let known = families.firstIndex(where: { $0.family == language.family }) { return known }
            families.append(language)
            return families.count - 1
        }
        return (families, familyOf)
    }()

    /// The name of a file's language, from its stored number. nil if the file is not source code.
    static func name(_ number: UInt8, role: UInt8) -> String? { language(number, role: role)?.name }

    /// The language of a file, from its stored number. nil if the file is not source code.
    static func language(_ number: UInt8, role: UInt8) -> (any Language)? {
        guard number > 0, Int(number) <= all.count else { return nil }
        let language = all[Int(number) - 1]
        return language.isSource(role: role) ? language : nil
    }

    /// Whether a path says that the file is no source code, whatever it contains.
    package static func isNoSource(_ path: String) -> Bool {
        let detected = detect(path: path)
        return detected.language == nil && !detected.asksShebang
    }

    /// Whether a path says that the file is source code in a language whose dependencies are found.
    package static func isSource(_ path: String) -> Bool {
        let detected = detect(path: path)
        return detected.language.map { all[$0].isSource(role: detected.role) } ?? false
    }

    /// How packages are found, by the name of the language.
    package static var packageRules: [String: PackageRule] {
        Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0.description.packages) })
    }

    /// The toolchain folders of all languages, each once.
    package static var toolchains: [ToolchainFolder] {
        all.reduce(into: []) { folders, language in
            folders += language.description.toolchains.filter { !folders.contains($0) }
        }
    }

    /// The scanner of a file, detected from its path.
    struct Detected {
        /// Place in `all`.
        var language: Int?
        var role: UInt8 = 0
        /// Whether the first line may name the language, because the file has no extension.
        var asksShebang = false
        var isLink = false
        /// The number of scanner and version in the key of the cache.
        var scanner: UInt32
    }

    private static let byExtension = Table { $0.extensions }
    private static let byName = Table { $0.fileNames }
    private static let byInterpreter = Table { $0.interpreters }

    /// Languages by a word, such as an extension. Avoids hashing strings.
    private struct Table: Sendable {
        private var words = SymbolTable()
        private var languages: [Int] = []

        init(_ list: (any Language) -> [String]) {
            for (index, language) in all.enumerated() {
                for word in list(language) where words.find(word) == nil {
                    _ = words.intern(word)
                    languages.append(index)
                }
            }
        }

        subscript(_ word: Source.Bytes) -> Int? { words.find(word).map { languages[Int($0)] } }

        subscript(lowercase word: Source.Bytes) -> Int? {
            // All known extensions are shorter.
            guard word.count <= 16 else { return nil }
            return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16) { room in
                for (index, byte) in word.enumerated() {
                    room[index] = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
                }
                return self[Source.Bytes(rebasing: room[..<word.count])]
            }
        }
    }

    /// The scanner of symbolic links.
    static let link = Detected(role: 0, isLink: true, scanner: number("link"))

    static func detect(path: String) -> Detected {
        var text = path
        let (found, asks) = text.withUTF8 { bytes -> (Int?, Bool) in
            let slash = bytes.lastIndex(of: UInt8(ascii: "/"))
            let name = Source.Bytes(rebasing: bytes[(slash.map { $0 + 1 } ?? 0)...])
            let dot = name.lastIndex(of: UInt8(ascii: "."))
            if let found = byName[name] { return (found, false) }
            guard let dot else { return (nil, true) }
            return (byExtension[lowercase: Source.Bytes(rebasing: name[(dot + 1)...])], false)
        }
        guard let found else { return Detected(asksShebang: asks, scanner: asks ? shebangScanner : plainScanner) }
        let role = all[found].role(of: path)
        return Detected(language: found, role: role, scanner: scanners[found] &+ UInt32(role))
    }

    /// The place in `all` of the language that a `#!` line names.
    static func interpreted(_ bytes: Source.Bytes) -> Int? {
        guard bytes.count > 2, bytes[0] == UInt8(ascii: "#"), bytes[1] == UInt8(ascii: "!") else { return nil }
        let line = bytes.prefix(128).dropFirst(2).prefix { $0 != 0x0A }
        let words = String(decoding: line, as: UTF8.self).split { $0 == " " || $0 == "\t" || $0 == "\r" }
        guard var program = words.first?.split(separator: "/").last else { return nil }
        if program == "env" {
            guard let next = words.dropFirst().first(where: { !$0.hasPrefix("-") && !$0.contains("=") }) else {
                return nil
            }
            program = next.split(separator: "/").last ?? next
        }
        let stem = program.prefix { !$0.isNumber && $0 != "." }
        return interpreter(program) ?? interpreter(stem)
    }

    private static func interpreter(_ name: Substring) -> Int? {
        var name = String(name)
        return name.withUTF8 { byInterpreter[$0] }
    }

    /// Raise it when lines, traits or the flat form of facts change.
    private static let formatVersion: UInt16 = 1
    /// Role numbers are added to a scanner's number, so its low byte is free.
    private static let scanners: [UInt32] = all.map { number("\($0.name) \($0.version)") }
    private static let plainScanner = number("plain")
    private static let shebangScanner = number(all.map { "\($0.name) \($0.version)" }.joined(separator: ","))

    private static func number(_ text: String) -> UInt32 {
        // Facts refer to languages by place, so the list of languages is part of every scanner's number.
        var key = "\(formatVersion) \(all.map(\.name).joined(separator: ",")) \(text)"
        return key.withUTF8 { UInt32(truncatingIfNeeded: hashBytes($0)) & ~0xFF }
    }
}
