/// Finds the imports among the tokens of one file.
///
/// Accepts the same as TypeScript's `preProcessFile`: the tokens around a word decide whether it is an import, and no
/// statement is parsed beyond its module name.
struct TypeScriptScanner {
    let tokens: Tokens
    private var place = 0
    /// Whether an import or export statement makes this file a module.
    private var isModule = false
    /// Places of the names in `declare module "m"`. They augment a module only if the file is a module.
    private var augmented: [Int] = []
    private var globs: UInt32 = 0

    init(tokens: Tokens) { self.tokens = tokens }

    mutating func run(into facts: inout FactWriter) {
        references(into: &facts)
        while place < tokens.count {
            let token = tokens[place]
            guard token.kind == .identifier else {
                place += 1
                continue
            }
            guard token.byte != 0 else {
                plainName(Int(token.end - token.start), into: &facts)
                continue
            }
            switch TypeScript.Word(rawValue: token.byte) {
            case .import: importStatement(into: &facts)
            case .export: exportStatement(into: &facts)
            case .require: requireCall(into: &facts)
            case .define: defineCall(into: &facts)
            case .declare: declaration()
            default: place += 1
            }
        }
        guard isModule else { return }
        for name in augmented { add(.import, name, line: tokens[name].line, typeOnly: true, into: &facts) }
    }

    /// Names that may begin a call with a module's name. They are no keywords, because a slash or an angle bracket after
    /// them is an operator.
    private mutating func plainName(_ length: Int, into facts: inout FactWriter) {
        switch length {
        case 2 where tokens.isWord(place, "vi"): mockCall(into: &facts)
        case 3 where tokens.isWord(place, "URL"): urlCall(into: &facts)
        case 4 where tokens.isWord(place, "jest") || tokens.isWord(place, "mock"): mockCall(into: &facts)
        case 6 where tokens.isWord(place, "vitest"): mockCall(into: &facts)
        default: place += 1
        }
    }

    /// `/// <reference path="…" />` is valid before the first statement only.
    private mutating func references(into facts: inout FactWriter) {
        while tokens[place].kind == .comment {
            let text = tokens.text(place)
            if let element = text.offset(of: "<reference"), let path = value(of: "path", in: text, from: element) {
                let line = tokens[place].line
                facts.add(
                    kind: TypeScript.Kind.reference.rawValue, text: path, line: line, flags: TypeScript.typeOnly)
            }
            place += 1
        }
    }

    private func value(of attribute: StaticString, in text: Source.Bytes, from start: Int) -> Source.Bytes? {
        guard let name = text.offset(of: attribute, from: start) else { return nil }
        var offset = name + attribute.utf8CodeUnitCount
        while offset < text.count, text[offset] == UInt8(ascii: " ") || text[offset] == UInt8(ascii: "=") {
            offset += 1
        }
        guard offset < text.count, text[offset] == UInt8(ascii: "\"") || text[offset] == UInt8(ascii: "'") else {
            return nil
        }
        let quote = text[offset]
        let first = offset + 1
        offset = first
        while offset < text.count, text[offset] != quote { offset += 1 }
        return offset < text.count ? Source.Bytes(rebasing: text[first..<offset]) : nil
    }

    /// Whether the token is a complete literal without interpolation.
    private func isLiteral(_ index: Int) -> Bool { tokens[index].kind == .string && tokens[index].tail > 0 }

    private func isName(_ index: Int) -> Bool { tokens[index].kind == .identifier }

    private func add(
        _ kind: TypeScript.Kind, _ literal: Int, line: UInt32, typeOnly: Bool, into facts: inout FactWriter
    ) {
        let name = tokens.contents(literal)
        guard !name.isEmpty else { return }
        facts.add(kind: kind.rawValue, text: name, line: line, flags: typeOnly ? TypeScript.typeOnly : 0)
    }

    private mutating func importStatement(into facts: inout FactWriter) {
        let start = place
        place += 1
        guard !tokens.isMark(start - 1, ".") || tokens.isOperator(start - 3, "...") else { return }
        if tokens.isMark(place, "."), tokens.isWord(place + 1, "meta"), tokens.isMark(place + 2, ".") {
            metaCall(place + 3, into: &facts)
        } else if tokens.isMark(place, "(") {
            guard isLiteral(place + 1), tokens.isMark(place + 2, ")") || tokens.isMark(place + 2, ",") else { return }
            add(.import, place + 1, line: tokens[start].line, typeOnly: isImportType(start), into: &facts)
            place += 2
        } else if tokens[place].kind == .string, tokens[place].byte != UInt8(ascii: "`") {
            isModule = true
            add(.import, place, line: tokens[start].line, typeOnly: false, into: &facts)
            place += 1
        } else {
            clause(.import, start, into: &facts)
        }
    }

    private mutating func exportStatement(into facts: inout FactWriter) {
        let start = place
        place += 1
        guard !tokens.isMark(start - 1, ".") else { return }
        isModule = true
        clause(.reexport, start, into: &facts)
    }

    /// Reads the clause between `import` or `export` and `from "m"`. Leaves `place` at the first token that does not
    /// fit.
    private mutating func clause(_ kind: TypeScript.Kind, _ start: Int, into facts: inout FactWriter) {
        var typeOnly = false
        if tokens.isWord(place, "type") || tokens.isWord(place, "typeof") {
            // `import type from "m"` imports a default named `type`.
            let next = place + 1
            if tokens.isMark(next, "*") || tokens.isMark(next, "{") || isName(next) && !isFrom(next) {
                typeOnly = true
                place += 1
            }
        }
        while true {
            if isFrom(place) {
                isModule = true
                add(kind, place + 1, line: tokens[start].line, typeOnly: typeOnly, into: &facts)
                place += 2
                return
            }
            if tokens.isMark(place, "{") {
                let (end, allTypes) = specifiers(place)
                place = end
                if allTypes, tokens.isMark(start + 1, "{") { typeOnly = true }
            } else if tokens.isMark(place, ",") || tokens.isMark(place, "*") {
                place += 1
            } else if isName(place), !isStatement(place) {
                place += 1
                // Only `a`, `* as a` and `a, …` come before `from`. Two names in a row are a declaration.
                guard
                    isFrom(place) || tokens.isMark(place, ",") || tokens.isWord(place, "as")
                        || tokens.isWord(place - 1, "as") || tokens.isMark(place, "*") || tokens.isMark(place, "{")
                else {
                    if kind == .import, tokens.isMark(place, "=") { importEquals(start, typeOnly, into: &facts) }
                    if tokens.isWord(place - 1, "declare") { place -= 1 }
                    return
                }
            } else {
                return
            }
        }
    }

    /// `import a = require("m")`
    private mutating func importEquals(_ start: Int, _ typeOnly: Bool, into facts: inout FactWriter) {
        isModule = true
        guard tokens.isWord(place + 1, "require"), tokens.isMark(place + 2, "("), isLiteral(place + 3) else { return }
        let isExported = tokens.isWord(start - 1, "export")
        let kind: TypeScript.Kind = isExported ? .reexport : .import
        add(kind, place + 3, line: tokens[start].line, typeOnly: typeOnly, into: &facts)
        place += 4
    }

    private func isFrom(_ index: Int) -> Bool {
        tokens.isWord(index, "from") && tokens[index + 1].kind == .string
            && tokens[index + 1].byte != UInt8(ascii: "`")
    }

    private func isStatement(_ index: Int) -> Bool {
        let word = TypeScript.Word(rawValue: tokens[index].byte)
        return word == .import || word == .export
    }

    /// The place after `{ a, type b as c }`, and whether every name is marked as a type.
    private func specifiers(_ open: Int) -> (end: Int, allTypes: Bool) {
        var index = open + 1
        var all = 0
        var types = 0
        while index < tokens.count, !tokens.isMark(index, "}") {
            // No specifier has these tokens: the brace opens something else.
            if tokens.isMark(index, "{") || tokens.isMark(index, "(") || tokens.isMark(index, ";") {
                return (index, false)
            }
            if tokens.isMark(index - 1, "{") || tokens.isMark(index - 1, ","), !tokens.isMark(index, ",") {
                all += 1
                let next = index + 1
                // `type` may itself be the name: `{ type }`, `{ type as x }`. In `{ type as as x }` it marks a type.
                if tokens.isWord(index, "type"), isName(next),
                    !tokens.isWord(next, "as") || tokens.isWord(next + 1, "as") || !isName(next + 1)
                {
                    types += 1
                }
            }
            index += 1
        }
        return (index + 1, all > 0 && all == types)
    }

    /// Whether `import("m").Name` is a type and not a call, by the tokens around it: the result of a call is a promise.
    private func isImportType(_ start: Int) -> Bool {
        if tokens.isWord(start - 1, "typeof") { return true }
        guard tokens.isMark(start + 3, ")") else { return false }
        if tokens.isMark(start + 4, "."), isName(start + 5) {
            return !tokens.isWord(start + 5, "then") && !tokens.isWord(start + 5, "catch")
                && !tokens.isWord(start + 5, "finally")
        }
        return false
    }

    /// `require("m")`. As a method, only `module.require` counts.
    private mutating func requireCall(into facts: inout FactWriter) {
        let start = place
        place += 1
        if tokens.isMark(start - 1, "."), !tokens.isWord(start - 2, "module"), !tokens.isOperator(start - 3, "...") {
            return
        }
        if tokens.isMark(place, "."), tokens.isWord(place + 1, "resolve") { place += 2 }
        call(start, into: &facts)
    }

    /// The module that is the first argument of the call at the current place.
    private mutating func call(_ start: Int, into facts: inout FactWriter) {
        guard tokens.isMark(place, "("), isLiteral(place + 1),
            tokens.isMark(place + 2, ")") || tokens.isMark(place + 2, ",")
        else { return }
        add(.import, place + 1, line: tokens[start].line, typeOnly: false, into: &facts)
        place += 2
    }

    /// Functions of Jest, Vitest, Bun and Node.js that replace or load a module by name.
    private static let mocks: [StaticString] = [
        "mock", "doMock", "unmock", "doUnmock", "dontMock", "deepUnmock", "setMock", "requireActual", "requireMock",
        "createMockFromModule", "genMockFromModule", "unstable_mockModule", "unstable_unmockModule", "importActual",
        "importMock", "module",
    ]

    /// `jest.mock("m")`, `vi.importActual<typeof import("m")>("m")`
    private mutating func mockCall(into facts: inout FactWriter) {
        let start = place
        place += 1
        guard !tokens.isMark(start - 1, "."), tokens.isMark(place, "."),
            Self.mocks.contains(where: { tokens.isWord(place + 1, $0) })
        else { return }
        place += 2
        // The import inside of a type argument is read by itself.
        if tokens.isMark(place, "<") { return typeArgument(start, into: &facts) }
        call(start, into: &facts)
    }

    private mutating func typeArgument(_ start: Int, into facts: inout FactWriter) {
        let end = angleEnd(place)
        guard tokens.isMark(end, "("), isLiteral(end + 1) else { return }
        add(.import, end + 1, line: tokens[start].line, typeOnly: false, into: &facts)
    }

    /// `new URL("m", import.meta.url)`
    private mutating func urlCall(into facts: inout FactWriter) {
        let start = place
        place += 1
        guard tokens.isWord(start - 1, "new"), tokens.isMark(place, "("), isLiteral(place + 1),
            tokens.isMark(place + 2, ","), tokens.isWord(place + 3, "import"), tokens.isMark(place + 4, "."),
            tokens.isWord(place + 5, "meta"), tokens.isMark(place + 6, "."), tokens.isWord(place + 7, "url")
        else { return }
        add(.url, place + 1, line: tokens[start].line, typeOnly: false, into: &facts)
        place += 8
    }

    /// `import.meta.glob("m")`, `import.meta.glob(["m", "!n"])` and `import.meta.resolve("m")`, from the last name on.
    private mutating func metaCall(_ name: Int, into facts: inout FactWriter) {
        place = name + 1
        if tokens.isWord(name, "resolve") { return call(name, into: &facts) }
        guard tokens.isWord(name, "glob") || tokens.isWord(name, "globEager") else { return }
        if tokens.isMark(place, "<") { place = angleEnd(place) }
        guard tokens.isMark(place, "(") else { return }
        var index = place + 1
        let isList = tokens.isMark(index, "[")
        if isList { index += 1 }
        globs += 1
        while isLiteral(index) {
            var text = tokens.contents(index)
            let isExcluded = text.first == UInt8(ascii: "!")
            if isExcluded { text = Source.Bytes(rebasing: text.dropFirst()) }
            facts.add(
                kind: TypeScript.Kind.glob.rawValue, text: text, line: tokens[index].line, value: globs,
                flags: isExcluded ? TypeScript.isExcluded : 0)
            index += 1
            guard isList, tokens.isMark(index, ",") else { break }
            index += 1
        }
        place = index
    }

    /// The place after a list of type arguments, which are short.
    private func angleEnd(_ open: Int) -> Int {
        var angles = 0
        for index in tokens.places(from: open, atMost: 64) {
            if tokens.isMark(index, "<") { angles += 1 }
            if tokens.isMark(index, ">"), !tokens.isMark(index - 1, "=") { angles -= 1 }
            if angles == 0 { return index + 1 }
        }
        return open
    }

    /// AMD: `define("id", ["m", "n"], …)` with or without the id.
    private mutating func defineCall(into facts: inout FactWriter) {
        let start = place
        place += 1
        guard !tokens.isMark(start - 1, "."), tokens.isMark(place, "(") else { return }
        var index = place + 1
        if tokens[index].kind == .string, tokens.isMark(index + 1, ",") { index += 2 }
        guard tokens.isMark(index, "[") else { return }
        index += 1
        while isLiteral(index) {
            add(.import, index, line: tokens[index].line, typeOnly: false, into: &facts)
            guard tokens.isMark(index + 1, ",") else { break }
            index += 2
        }
        place = index
    }

    /// `declare module "m"`
    private mutating func declaration() {
        if tokens.isWord(place + 1, "module"), isLiteral(place + 2) { augmented.append(place + 2) }
        place += 1
    }
}
