/// Finds required files, definitions and constants among the tokens of one file.
///
/// Indentation decides where a class ends. Counting everything that `end` may close fails at the first unknown modifier
/// or one-line form, while an `end` below its `class` is the custom of all Ruby code.
struct RubyScanner {
    private typealias Kind = Ruby.Kind

    private struct Scope {
        var column: Int
        var hasBody = false
    }

    let tokens: Tokens
    private var place = 0
    /// The column of the first token of the line.
    private var column = 0
    private var isLineStart = true
    private var scopes: [Scope] = []
    /// The number of the scope, so that constants of different scopes are counted separately.
    private var scope: UInt8 = 0

    init(tokens: Tokens) { self.tokens = tokens }

    mutating func run(into facts: inout FactWriter) {
        while place < tokens.count {
            let token = tokens[place]
            if token.kind == .newline {
                isLineStart = true
                place += 1
                continue
            }
            let first = isLineStart
            if first {
                isLineStart = false
                column = tokens.column(place)
            }
            if token.kind == .identifier {
                word(token, first, into: &facts)
            } else {
                place += 1
            }
        }
        while !scopes.isEmpty { close(into: &facts) }
    }

    private static let gemspec: Set<Ruby.Word> = [
        .requirePaths, .addDependency, .addRuntimeDependency, .addDevelopmentDependency,
    ]

    private mutating func word(_ token: Token, _ isFirst: Bool, into facts: inout FactWriter) {
        // `.class`, `:end` and `if:` are names.
        let isName =
            tokens.isMark(place - 1, ".") && !tokens.isOperator(place - 2, "..")
            || tokens.isMark(place - 1, ":") && tokens.isJoined(place) && !tokens.isOperator(place - 2, "::")
            || tokens.isMark(place + 1, ":") && tokens.isJoined(place + 1) && !tokens.isOperator(place + 1, "::")
        var word = Ruby.Word(rawValue: token.byte)
        // Among the words, only those of gemspecs follow a dot.
        if isName, word.map({ !Self.gemspec.contains($0) }) ?? true { word = nil }
        switch word {
        case .class, .module: definition(into: &facts)
        case .end:
            if isFirst, let last = scopes.last, column <= last.column { close(into: &facts) }
            place += 1
        default:
            if let last = scopes.indices.last { scopes[last].hasBody = true }
            switch word {
            case .def:
                // The name may be a keyword or a constant.
                place += tokens.isMark(place + 2, ".") ? 4 : 2
            case .require, .requireDependency, .load: required(into: &facts)
            case .requireRelative:
                place += 1
                literal(.relative, tokens.isMark(place, "(") ? place + 1 : place, into: &facts)
            case .autoload: autoload(into: &facts)
            case .requirePaths: loadPath(into: &facts)
            case .include, .prepend: ancestors(into: &facts)
            case .gem, .addDependency, .addRuntimeDependency, .addDevelopmentDependency:
                place += 1
                literal(.gem, tokens.isMark(place, "(") ? place + 1 : place, into: &facts)
            default:
                if !isName, isConstant(place) { constant(isFirst, into: &facts) } else { place += 1 }
            }
        }
    }

    private func isConstant(_ index: Int) -> Bool {
        let token = tokens[index]
        return token.kind == .identifier && (0x41...0x5A).contains(tokens.bytes[Int(token.start)])
    }

    /// The tokens of `A::B` or `::A`, without blanks between them.
    private func constantPath(_ index: Int) -> ClosedRange<Int>? {
        var end = index
        if tokens.isOperator(end, "::") { end += 2 }
        guard isConstant(end) else { return nil }
        while tokens.isOperator(end + 1, "::"), tokens.isJoined(end + 1), isConstant(end + 3), tokens.isJoined(end + 3),
            !tokens.isMark(end + 4, "(") || !tokens.isJoined(end + 4)
        {
            end += 3
        }
        return index...end
    }

    private func text(_ range: ClosedRange<Int>) -> Source.Bytes {
        tokens.text(from: range.lowerBound, through: range.upperBound)
    }

    /// `class A < B`, `module A::B`; `class << self` opens no namespace.
    private mutating func definition(into facts: inout FactWriter) {
        let start = place
        place += 1
        guard let name = constantPath(place) else { return }
        place = name.upperBound + 1
        var flags: UInt8 = 0
        var superclass: ClosedRange<Int>?
        if tokens.isMark(place, "<"), !tokens.isOperator(place, "<<") {
            flags = Ruby.hasSuperclass
            if let parent = constantPath(place + 1) {
                superclass = parent
                // The superclass is looked up outside of the class.
                reference(parent, into: &facts)
                place = parent.upperBound + 1
            }
        }
        facts.add(kind: Kind.open.rawValue, text: text(name), line: tokens[start].line, flags: flags)
        if let superclass {
            facts.add(kind: Kind.superclass.rawValue, text: text(superclass), line: tokens[start].line)
        }
        scope &+= 1
        scopes.append(Scope(column: column))
        // `class A < B; end` ends on its line.
        if tokens.isMark(place, ";"), tokens.isWord(place + 1, "end") {
            place += 2
            scopes[scopes.count - 1].hasBody = flags != 0
            close(into: &facts)
        }
    }

    /// `include A, B::C`
    private mutating func ancestors(into facts: inout FactWriter) {
        place += 1
        if tokens.isMark(place, "("), tokens.isJoined(place) { place += 1 }
        while let name = constantPath(place) {
            if !scopes.isEmpty {
                facts.add(kind: Kind.include.rawValue, text: text(name), line: tokens[place].line)
            }
            reference(name, into: &facts)
            place = name.upperBound + 1
            guard tokens.isMark(place, ",") else { return }
            place += 1
            while tokens[place].kind == .newline { place += 1 }
        }
    }

    private mutating func close(into facts: inout FactWriter) {
        let last = scopes.removeLast()
        scope &+= 1
        facts.add(
            kind: Kind.close.rawValue, line: tokens[place].line, flags: last.hasBody ? Ruby.hasBody : 0)
    }

    private mutating func constant(_ isFirst: Bool, into facts: inout FactWriter) {
        var start = place
        // `::A`, unless the colons belong to an expression before them.
        if tokens.isOperator(place - 2, "::"), tokens.isJoined(place) {
            guard
                !tokens.isJoined(place - 2)
                    || tokens[place - 3].kind == .punctuation
                        && !tokens.isMark(place - 3, ")") && !tokens.isMark(place - 3, "]")
            else {
                place += 1
                return
            }
            start = place - 2
        }
        guard let path = constantPath(start) else {
            place += 1
            return
        }
        place = path.upperBound + 1
        // `Integer(x)` calls a method.
        if tokens.isMark(place, "("), tokens.isJoined(place), path.count == 1 { return }
        let isAssigned =
            tokens.isMark(place, "=") && !tokens.isOperator(place, "==") && !tokens.isOperator(place, "=~")
            && !tokens.isOperator(place, "=>")
        if isAssigned || tokens.isOperator(place, "||=") {
            let line = tokens[path.lowerBound].line
            facts.add(kind: Kind.constant.rawValue, text: text(path), line: line)
        } else {
            reference(path, into: &facts)
        }
    }

    private func reference(_ path: ClosedRange<Int>, into facts: inout FactWriter) {
        facts.count(
            kind: Kind.reference.rawValue, text: text(path), line: tokens[path.lowerBound].line, flags: scope)
    }

    /// A path in a complete literal.
    private mutating func literal(_ kind: Ruby.Kind, _ index: Int, into facts: inout FactWriter) {
        guard tokens[index].kind == .string, tokens[index].tail > 0 else { return }
        let text = tokens.contents(index)
        guard !text.isEmpty else { return }
        let line = tokens[index].line
        if kind == .require, text.starts(with: "./".utf8) || text.starts(with: "../".utf8) {
            facts.add(kind: Kind.require.rawValue, text: text, line: line)
        } else {
            facts.add(kind: kind.rawValue, text: text, line: line)
        }
        place = max(place, index + 1)
    }

    /// `require "a"`, or a path relative to the file.
    private mutating func required(into facts: inout FactWriter) {
        place += 1
        let start = tokens.isMark(place, "(") ? place + 1 : place
        if tokens[start].kind == .string {
            literal(.require, start, into: &facts)
        } else {
            computed(start, into: &facts)
        }
    }

    /// `File.expand_path("../a", __FILE__)`, `File.join(__dir__, "a", "b")`, `__dir__ + "/a"`,
    /// `File.dirname(__FILE__) + "/a"`.
    private mutating func computed(_ start: Int, into facts: inout FactWriter) {
        let line = tokens[start].line
        var index = start
        var up = ""
        if tokens.isWord(index, "File"), tokens.isWord(index + 2, "expand_path"), tokens.isMark(index + 3, "("),
            tokens[index + 4].kind == .string, tokens[index + 4].tail > 0, tokens.isMark(index + 5, ",")
        {
            guard let base = origin(index + 6) else { return }
            up = base.isFile ? "../" : ""
            add(up + tokens.contents(index + 4).string, line, into: &facts)
            place = base.end
            return
        }
        let isJoin = tokens.isWord(index, "File") && tokens.isWord(index + 2, "join") && tokens.isMark(index + 3, "(")
        if isJoin { index += 4 }
        guard let base = origin(index), !base.isFile else { return }
        index = base.end
        while tokens.isMark(index, isJoin ? "," : "+"), tokens[index + 1].kind == .string, tokens[index + 1].tail > 0 {
            if !up.isEmpty { up += "/" }
            up += tokens.contents(index + 1).string
            index += 2
            guard up.utf8.count < 1024 else { return }
        }
        // Anything else after the literals makes a path that is known only at run time.
        guard !tokens.isMark(index, ","), !tokens.isMark(index, "+"), !tokens.isMark(index, "%") else { return }
        add(up, line, into: &facts)
        place = index
    }

    private func origin(_ index: Int) -> (isFile: Bool, end: Int)? {
        if tokens.isWord(index, "__FILE__") { return (true, index + 1) }
        if tokens.isWord(index, "__dir__") { return (false, index + 1) }
        if tokens.isWord(index, "File"), tokens.isWord(index + 2, "dirname"), tokens.isMark(index + 3, "("),
            tokens.isWord(index + 4, "__FILE__"), tokens.isMark(index + 5, ")")
        {
            return (false, index + 6)
        }
        return nil
    }

    private func add(_ path: String, _ line: UInt32, into facts: inout FactWriter) {
        guard !path.isEmpty else { return }
        facts.add(kind: Kind.relative.rawValue, string: path, line: line)
    }

    /// `autoload :A, "a"`. Without a path, it means the constant itself.
    private mutating func autoload(into facts: inout FactWriter) {
        place += 1
        var index = tokens.isMark(place, "(") ? place + 1 : place
        guard tokens.isMark(index, ":"), isConstant(index + 1) else { return }
        let name = index + 1
        index += 2
        guard tokens.isMark(index, ",") else {
            place = index
            reference(name...name, into: &facts)
            return
        }
        index += 1
        while tokens[index].kind == .newline { index += 1 }
        place = index
        if tokens[index].kind == .string {
            literal(.require, index, into: &facts)
        } else {
            computed(index, into: &facts)
        }
    }

    /// `spec.require_paths = ["lib", "app"]` or `%w[lib app]`.
    private mutating func loadPath(into facts: inout FactWriter) {
        place += 1
        guard tokens.isMark(place, "=") else { return }
        place += 1
        if tokens.isMark(place, "[") { place += 1 }
        while tokens[place].kind == .string {
            for part in tokens.contents(place).split(separator: UInt8(ascii: " ")) {
                facts.add(
                    kind: Kind.loadPath.rawValue, text: Source.Bytes(rebasing: part), line: tokens[place].line)
            }
            place += 1
            if tokens.isMark(place, ",") { place += 1 }
        }
    }
}
