/// Scans the tokens of a Rust file and writes its modules, items, imports and paths.
struct RustScanner {
    private enum Frame: UInt8 { case module, items, code }

    let tokens: Tokens
    var facts = FactWriter()
    var place = 0
    private var frames: [Frame] = []
    /// Facts before this one belong to another module.
    private var since = 0
    /// The construct that the next `{` opens.
    private var next = Frame.code
    private var isExported = false
    private var usesMacros = false

    static let deepest = 4096

    init(tokens: Tokens) { self.tokens = tokens }

    mutating func run() {
        while place < tokens.count {
            let token = tokens[place]
            switch token.kind {
            case .identifier: identifier(Rust.Word(rawValue: token.byte))
            case .punctuation: mark(token.byte)
            default: place += 1
            }
        }
    }

    func word(_ index: Int) -> Rust.Word? {
        tokens[index].kind == .identifier ? Rust.Word(rawValue: tokens[index].byte) : nil
    }

    func isName(_ index: Int) -> Bool { tokens[index].kind == .identifier && tokens[index].byte == 0 }

    func isPathMark(_ index: Int) -> Bool { tokens.isMark(index, ":") && tokens.isMark(index + 1, ":") }

    private var isItemLevel: Bool { frames.last != .code }

    private mutating func mark(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "{"):
            if frames.count < Self.deepest { frames.append(next) }
            next = .code
            place += 1
        case UInt8(ascii: "}"):
            if frames.popLast() == .module {
                facts.add(kind: Rust.Kind.close.rawValue, line: tokens[place].line)
                since = facts.count
            }
            endItem()
            place += 1
        case UInt8(ascii: ";"):
            endItem()
            place += 1
        case UInt8(ascii: "#"):
            attribute()
        case UInt8(ascii: ":"):
            if isPathMark(place), !isName(place - 1), !tokens.isMark(place - 1, ">"), isName(place + 2) {
                path(from: place, first: place + 2)
            } else {
                place += 1
            }
        default:
            place += 1
        }
    }

    private mutating func endItem() {
        isExported = false
        usesMacros = false
        next = .code
    }

    /// `#[…]` and `#![…]`. Only attributes that affect modules and macros are read.
    private mutating func attribute() {
        place += tokens.isMark(place + 1, "!") ? 2 : 1
        guard tokens.isMark(place, "[") else { return }
        let end = tokens.behindBracket(place)
        let isPath = tokens.isWord(place + 1, "path")
        let isConditional = tokens.isWord(place + 1, "cfg_attr")
        while place < end {
            if tokens.isWord(place, "macro_export") { isExported = true }
            if tokens.isWord(place, "macro_use") { usesMacros = true }
            if isPath || isConditional, tokens.isWord(place, "path"), tokens.isMark(place + 1, "="),
                tokens[place + 2].kind == .string
            {
                facts.add(
                    kind: Rust.Kind.path.rawValue, text: tokens.contents(place + 2), line: tokens[place].line,
                    flags: isConditional ? 1 : 0)
            }
            place += 1
        }
    }

    private mutating func identifier(_ word: Rust.Word?) {
        switch word {
        case .mod: module()
        case .use: use()
        case .extern: external()
        case .fn, .struct, .enum, .union, .trait, .type, .const, .static: item(word)
        case .macroRules: macroRules()
        case .include, .includeStr, .includeBytes: include(word)
        case .crate, .superModule, .selfValue:
            if isPathMark(place + 1) { path(from: place, first: place) } else { place += 1 }
        case nil: name()
        default: place += 1
        }
    }

    private mutating func module() {
        guard isName(place + 1) else {
            place += 1
            return
        }
        let line = tokens[place].line
        let flags = usesMacros ? Rust.usesMacros : 0
        if tokens.isMark(place + 2, ";") {
            facts.add(kind: Rust.Kind.module.rawValue, text: tokens.text(place + 1), line: line, flags: flags)
            place += 3
            endItem()
        } else if tokens.isMark(place + 2, "{"), frames.count < Self.deepest {
            facts.add(kind: Rust.Kind.open.rawValue, text: tokens.text(place + 1), line: line, flags: flags)
            since = facts.count
            frames.append(.module)
            place += 3
            endItem()
        } else {
            place += 1
        }
    }

    private mutating func item(_ word: Rust.Word?) {
        var name = place + 1
        if word == .static, self.word(name) == .mut { name += 1 }
        // `*const T` and `<const N: usize>` declare nothing.
        let isType =
            word == .const
            && (tokens.isMark(place - 1, "*") || tokens.isMark(place - 1, "<") || tokens.isMark(place - 1, ","))
        guard isItemLevel, isName(name), !isType else {
            // The name of a function in a trait or a block is not a reference.
            place = isName(name) && word != .union && !isType ? name + 1 : place + 1
            return
        }
        // Elsewhere `union` is an ordinary name.
        if word == .union, !tokens.isMark(name + 1, "{"), !tokens.isMark(name + 1, "<") {
            place += 1
            return
        }
        facts.add(kind: Rust.Kind.declare.rawValue, text: tokens.text(name), line: tokens[name].line)
        place = name + 1
    }

    /// Skips the body of a macro: its names are resolved where it is used.
    private mutating func macroRules() {
        guard tokens.isMark(place + 1, "!"), isName(place + 2) else {
            place += 1
            return
        }
        facts.add(
            kind: Rust.Kind.macro.rawValue, text: tokens.text(place + 2), line: tokens[place].line,
            flags: isExported ? Rust.isExported : 0)
        place = tokens.behindBracket(place + 3)
        endItem()
    }

    /// `extern crate x;`, `extern "C" { … }`, `extern "C" fn`.
    private mutating func external() {
        if word(place + 1) == .crate, tokens[place + 2].kind == .identifier {
            let name = place + 2
            let alias = word(name + 1) == .as && isName(name + 2) ? name + 2 : name
            facts.add(
                kind: Rust.Kind.externCrate.rawValue, text: tokens.text(name), line: tokens[place].line,
                value: facts.place(of: tokens.text(alias)) + 1)
            place = alias + 1
            return
        }
        place += tokens[place + 1].kind == .string ? 2 : 1
        if tokens.isMark(place, "{"), isItemLevel { next = .items }
    }

    private mutating func include(_ word: Rust.Word?) {
        if tokens.isMark(place + 1, "!"), tokens[place + 3].kind == .string {
            facts.add(kind: Rust.Kind.include.rawValue, text: tokens.contents(place + 3), line: tokens[place].line)
        }
        place += 1
    }

    // MARK: - Names

    private mutating func name() {
        if isPathMark(place + 1), tokens[place + 3].kind == .identifier {
            path(from: place, first: place)
            return
        }
        let text = tokens.text(place)
        let isCalled = tokens.isMark(place + 1, "(")
        let isMacro = tokens.isMark(place + 1, "!") && !tokens.isMark(place + 2, "=")
        if isMacro, isItemLevel, tokens.isMark(place + 2, "{") {
            // Items inside `cfg_if! { … }` and the like are items of the module.
            next = .items
        }
        let isCapital = text.first.map { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") } ?? false
        if isCapital || isCalled || isMacro, !tokens.isMark(place - 1, "."), text.count > 1 {
            let known = facts.place(of: text)
            facts.count(
                kind: Rust.Kind.bare.rawValue, place: known, line: tokens[place].line,
                flags: isMacro ? Rust.isMacro : 0, since: since)
        }
        place += 1
    }

    /// `a::b::c`, up to the first type argument.
    private mutating func path(from start: Int, first: Int) {
        var last = first
        while isPathMark(last + 1), tokens[last + 3].kind == .identifier { last += 3 }
        let line = tokens[start].line
        // Real paths are shorter, and the prefixes of a long chain would be stored many times.
        if last - start < 64, word(first) != .selfType {
            let text = tokens.text(from: start, through: last)
            if text.count < 256 {
                let isPlain = !text.contains { $0 <= 0x20 || $0 == UInt8(ascii: "/") }
                let known: UInt32
                if isPlain {
                    known = facts.place(of: text)
                } else {
                    var joined = (start...last).map { tokens.text($0).string }.joined()
                    known = joined.withUTF8 { facts.place(of: $0) }
                }
                facts.count(kind: Rust.Kind.reference.rawValue, place: known, line: line, since: since)
            }
        }
        if tokens.isMark(last + 1, "!"), isItemLevel, tokens.isMark(last + 2, "{") { next = .items }
        place = last + 1
    }

    // MARK: - Imports

    /// `use a::{b, c::*, d as e, self};`, each path by itself.
    private mutating func use() {
        let isPublic = word(place - 1) == .pub || tokens.isMark(place - 1, ")")
        let flags = isPublic ? Rust.isPublic : 0
        place += 1
        var prefix: [UInt8] = []
        var open: [Int] = []
        var lastName = place
        var isEmpty = true
        while place < tokens.count {
            let token = tokens[place]
            switch token.kind {
            case .identifier where word(place) == .as:
                leaf(prefix, tokens.text(place + 1), line: tokens[lastName].line, flags: flags)
                isEmpty = true
                place += 2
            case .identifier:
                if prefix.count < 256 { prefix.append(contentsOf: tokens.text(place)) }
                lastName = place
                isEmpty = false
                place += 1
            case .punctuation:
                switch token.byte {
                case UInt8(ascii: ":"):
                    if prefix.count < 256 { prefix.append(token.byte) }
                    isEmpty = true
                case UInt8(ascii: "{"):
                    guard open.count < 64 else { return }
                    open.append(prefix.count)
                    isEmpty = true
                case UInt8(ascii: "*"):
                    leaf(prefix, tokens.text(place), line: token.line, flags: flags | Rust.isGlob)
                    isEmpty = true
                case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: ";"):
                    if !isEmpty { leaf(prefix, tokens.text(lastName), line: tokens[lastName].line, flags: flags) }
                    isEmpty = true
                    guard token.byte != UInt8(ascii: ";"), let kept = open.last else { return }
                    prefix.removeLast(max(0, prefix.count - kept))
                    if token.byte == UInt8(ascii: "}") { open.removeLast() }
                default:
                    // The `use` of `impl Trait + use<'a>`, or invalid code.
                    return
                }
                place += 1
            default:
                return
            }
        }
    }

    private mutating func leaf(_ prefix: [UInt8], _ name: Source.Bytes, line: UInt32, flags: UInt8) {
        var path = prefix[...]
        let isGlob = flags & Rust.isGlob != 0
        while path.last == UInt8(ascii: ":") { path.removeLast() }
        let tail: [UInt8] = Array("::self".utf8)
        var bound = name
        let isSelf = path.count > tail.count && path.suffix(tail.count).elementsEqual(tail)
        if isSelf { path.removeLast(tail.count) }
        path.withUnsafeBufferPointer { bytes in
            if isSelf, name.equals("self") {
                let start = bytes.lastIndex(of: UInt8(ascii: ":")).map { $0 + 1 } ?? 0
                bound = Source.Bytes(rebasing: bytes[start...])
            }
            let value = isGlob || bound.equals("_") ? 0 : facts.place(of: bound) + 1
            facts.add(kind: Rust.Kind.use.rawValue, text: bytes, line: line, value: value, flags: flags)
        }
    }
}
