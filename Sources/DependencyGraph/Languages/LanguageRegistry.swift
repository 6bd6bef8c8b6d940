#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// All languages, and which of them a file belongs to.
package enum LanguageRegistry {
    /// A new language is one line here; the first of a family links it.
    package static let all: [any Language] = [
        Python(),
        C.c,
        C.cPlusPlus,
        C.objectiveC,
        C.assembly,
        Shell(),
        TypeScript(),
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

    /// The languages that link together, by place in `all`, and the one whose `link` does it.
    struct Family: Sendable {
        var members: Set<Int8>
        var linker: any Language
    }

    static let families: [Family] = {
        var order: [String] = []
        var families: [String: Family] = [:]
        for (index, language) in all.enumerated() {
            if families[language.family] == nil { order.append(language.family) }
            families[language.family, default: Family(members: [], linker: language)].members.insert(Int8(index))
        }
        return order.compactMap { families[$0] }
    }()

    /// What a path says about who scans the file.
    struct Detected {
        /// Place in `all`.
        var language: Int?
        var role: UInt8 = 0
        /// A file without extension may name its language in its first line.
        var asksShebang = false
        /// Stands for scanner and version in the key of the cache.
        var scanner: UInt32
    }

    private static let byExtension: [String: Int] = table { $0.extensions }
    private static let byName: [String: Int] = table { $0.fileNames }
    private static let byInterpreter: [String: Int] = table { $0.interpreters }

    private static func table(_ words: (any Language) -> [String]) -> [String: Int] {
        var table: [String: Int] = [:]
        for (index, language) in all.enumerated() {
            for word in words(language) where table[word] == nil { table[word] = index }
        }
        return table
    }

    static func detect(path: String) -> Detected {
        let name = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[path.index(after: $0)...] } ?? path[...]
        let dot = name.utf8.lastIndex(of: UInt8(ascii: "."))
        var found = byName[String(name)]
        if found == nil, let dot { found = byExtension[name[name.index(after: dot)...].lowercased()] }
        guard let found else {
            let asks = dot == nil
            return Detected(asksShebang: asks, scanner: asks ? shebangScanner : plainScanner)
        }
        let role = all[found].role(of: path)
        return Detected(language: found, role: role, scanner: scanners[found] &+ UInt32(role))
    }

    /// The language that a `#!` line names, by place in `all`.
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
        return byInterpreter[String(program)] ?? byInterpreter[String(stem)]
    }

    /// Raise it when lines, traits or the flat form of facts change.
    private static let formatVersion: UInt16 = 1
    /// Role numbers are added to a scanner's number, so its low byte is free.
    private static let scanners: [UInt32] = all.map { number("\($0.name) \($0.version)") }
    private static let plainScanner = number("plain")
    private static let shebangScanner = number(all.map { "\($0.name) \($0.version)" }.joined(separator: ","))

    private static func number(_ text: String) -> UInt32 {
        // Facts name languages by their place, so the list of languages is part of every scanner's number.
        var key = "\(formatVersion) \(all.map(\.name).joined(separator: ",")) \(text)"
        return key.withUTF8 { UInt32(truncatingIfNeeded: hashBytes($0)) & ~0xFF }
    }
}
