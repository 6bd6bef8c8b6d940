import Model

/// Files that contain scripts: Vue, Svelte and Astro components, and pages. Their imports are those of their scripts.
struct Component: Language {
    let name: String
    let family = "typescript"
    let version: UInt16 = 1
    let extensions: [String]

    static let vue = Component(name: "vue", extensions: ["vue"])
    static let svelte = Component(name: "svelte", extensions: ["svelte"])
    static let astro = Component(name: "astro", extensions: ["astro"])
    static let html = Component(name: "html", extensions: ["html", "htm"])

    func lexicalTable(role: UInt8) -> LexicalTable? { TypeScript.plainTable }

    func scan(_ source: Source, into facts: inout FactWriter) {
        let scripts = ComponentScripts(source.bytes, hasFrontmatter: name == Self.astro.name)
        for reference in scripts.references {
            facts.add(kind: TypeScript.Kind.url.rawValue, text: reference.path, line: reference.line)
        }
        guard !scripts.ranges.isEmpty else { return }
        // Everything outside of the scripts becomes blank, so that the lines stay those of the file.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: source.bytes.count) { code in
            for (place, byte) in source.bytes.enumerated() { code[place] = byte == 0x0A ? byte : 0x20 }
            for range in scripts.ranges {
                for place in range { code[place] = source.bytes[place] }
            }
            let script = Source(Source.Bytes(code), role: 0, scratch: source.scratch)
            let table = scripts.hasJSX ? TypeScript.jsxTable : TypeScript.plainTable
            var scanner = TypeScriptScanner(tokens: script.tokens(table))
            scanner.run(into: &facts)
        }
    }

    func link(_ project: Project, into edges: inout EdgeList) {}
}

extension Component {
    var description: LanguageDescription { Self.described }

    private static let described = LanguageDescription(
        declarations: .notRead, nameOrder: nil, packages: .nearest(["package.json"]), toolchains: [], tests: nil,
        suppressions: SuppressionRules(
            starts: [
                (.types, "@ts-ignore"), (.types, "@ts-expect-error"), (.types, "@ts-nocheck"),
                (.lint, "eslint-disable"),
            ]),
        hasHashComments: false)
}

/// The places of the scripts in a component or a page, and the files that `<script src>` names.
struct ComponentScripts {
    private(set) var ranges: [Range<Int>] = []
    private(set) var references: [(path: Source.Bytes, line: UInt32)] = []
    private(set) var hasJSX = false
    private let bytes: Source.Bytes

    init(_ bytes: Source.Bytes, hasFrontmatter: Bool) {
        self.bytes = bytes
        var place = hasFrontmatter ? frontmatter() : 0
        var line: UInt32 = 1
        var counted = 0
        while place < bytes.count {
            guard bytes[place] == UInt8(ascii: "<") else {
                place += 1
                continue
            }
            if starts("<!--", at: place) {
                place = bytes.offset(of: "-->", from: place + 4).map { $0 + 3 } ?? bytes.count
                continue
            }
            guard starts("<script", at: place), place + 7 < bytes.count, !Self.isName(bytes[place + 7]) else {
                place += 1
                continue
            }
            let tag = attributes(from: place + 7)
            let end = closing(from: tag.end)
            if tag.isCode {
                if !tag.isEmpty { ranges.append(tag.end..<end) }
                hasJSX = hasJSX || tag.hasJSX
                if let path = tag.path {
                    line += UInt32(Source.Bytes(rebasing: bytes[counted..<place]).newlines)
                    counted = place
                    references.append((path, line))
                }
            }
            place = tag.isEmpty ? tag.end : end
        }
    }

    /// Takes the code between the first two lines of `---`.
    /// - Returns: the place after it.
    private mutating func frontmatter() -> Int {
        let start = bytes.firstIndex { $0 > 0x20 } ?? bytes.count
        guard starts("---", at: start), let end = bytes.offset(of: "\n---", from: start + 3) else { return 0 }
        ranges.append(start + 3..<end)
        return end + 4
    }

    private static func isName(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
    }

    /// Whether the bytes at a place are this word, in any case.
    private func starts(_ word: StaticString, at place: Int) -> Bool {
        let count = word.utf8CodeUnitCount
        guard place + count <= bytes.count else { return false }
        for index in 0..<count {
            let byte = bytes[place + index]
            let lower = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
            if lower != word.utf8Start[index] { return false }
        }
        return true
    }

    /// The place of `</script`, or the end.
    private func closing(from start: Int) -> Int {
        var place = start
        while place < bytes.count {
            if bytes[place] == UInt8(ascii: "<"), starts("</script", at: place) { return place }
            place += 1
        }
        return bytes.count
    }

    private struct Tag {
        var end: Int
        var path: Source.Bytes?
        var isCode = true
        var hasJSX = false
        /// `<script … />`
        var isEmpty = false
    }

    private func attributes(from start: Int) -> Tag {
        var tag = Tag(end: bytes.count)
        var place = start
        while place < bytes.count, bytes[place] != UInt8(ascii: ">") {
            guard Self.isName(bytes[place]) else {
                tag.isEmpty = bytes[place] == UInt8(ascii: "/")
                place += 1
                continue
            }
            let first = place
            while place < bytes.count, Self.isName(bytes[place]) || bytes[place] == UInt8(ascii: ":") { place += 1 }
            let name = Source.Bytes(rebasing: bytes[first..<place])
            guard let value = value(&place) else { continue }
            if name.equals("src") { tag.path = value }
            if name.equals("type"), !Self.isScript(value) { tag.isCode = false }
            if name.equals("lang"), value.equals("tsx") || value.equals("jsx") { tag.hasJSX = true }
        }
        tag.end = min(bytes.count, place + 1)
        return tag
    }

    /// The value after an attribute's name; nil for an attribute without one.
    private func value(_ place: inout Int) -> Source.Bytes? {
        skipBlanks(&place)
        guard place < bytes.count, bytes[place] == UInt8(ascii: "=") else { return nil }
        place += 1
        skipBlanks(&place)
        guard place < bytes.count else { return nil }
        let quote = bytes[place]
        let isQuoted = quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
        if isQuoted { place += 1 }
        let first = place
        while place < bytes.count, isQuoted ? bytes[place] != quote : bytes[place] > 0x20 && bytes[place] != 0x3E {
            place += 1
        }
        let value = Source.Bytes(rebasing: bytes[first..<place])
        if isQuoted { place = min(bytes.count, place + 1) }
        return value
    }

    private func skipBlanks(_ place: inout Int) {
        while place < bytes.count, bytes[place] <= 0x20 { place += 1 }
    }

    /// Whether a `type` means code: nothing, a module, or a type of JavaScript or TypeScript.
    private static func isScript(_ type: Source.Bytes) -> Bool {
        type.isEmpty || type.equals("module") || type.offset(of: "javascript") != nil
            || type.offset(of: "typescript") != nil || type.offset(of: "ecmascript") != nil
            || type.equals("text/babel") || type.equals("text/jsx")
    }
}
