import DependencyGraph

/// Finds the tests of a file, their assertions and their skips, by the forms of common frameworks.
///
/// It does not parse. It must give the same figures for the same code before and after, and count what a migration to
/// another framework writes in place of an assertion.
struct TestReader {
    let tokens: Tokens
    let dialect: TestDialect
    let isTestPath: Bool
    private(set) var tests: [TestFunction] = []
    private(set) var assertions = 0
    /// Places of the tokens that skip tests.
    private(set) var skips: [Int] = []

    /// A test and the places of its body.
    struct Found {
        var name: String
        /// The place of the name.
        var place: Int
        var body: Range<Int>
    }

    /// Maximum number of tokens between a mark and the name of its test, and between a name and its body.
    static let farthest = 200

    init(tokens: Tokens, dialect: TestDialect, isTestPath: Bool) {
        self.tokens = tokens
        self.dialect = dialect
        self.isTestPath = isTestPath
    }

    mutating func run() {
        let found = functions()
        guard !found.isEmpty || isTestPath else { return }
        tests = found.map { each in
            TestFunction(
                name: each.name, line: Int(tokens[each.place].line), isEmpty: isEmpty(each.body))
        }
        var open: [Int] = []
        var next = 0
        for place in 0..<tokens.count {
            while next < found.count, found[next].body.lowerBound <= place {
                open.append(next)
                next += 1
            }
            while let last = open.last, found[last].body.upperBound <= place { open.removeLast() }
            if isAssertion(place) {
                assertions += 1
                if let test = open.last { tests[test].assertions += 1 }
            }
            if !found.isEmpty, isSkip(place) { skips.append(place) }
        }
    }

    private func functions() -> [Found] {
        var found: [Found] = []
        var names: Set<Int> = []
        for place in 0..<tokens.count {
            guard let each = test(at: place), names.insert(each.place).inserted else { continue }
            found.append(each)
        }
        return found.sorted { $0.body.lowerBound < $1.body.lowerBound }
    }

    private func test(at place: Int) -> Found? {
        switch dialect {
        case .python: pythonTest(place)
        case .script: scriptTest(place)
        case .go: goTest(place)
        case .jvm: annotatedTest(place) ?? junit3Test(place)
        case .swift: swiftTest(place)
        case .rust: rustTest(place)
        case .csharp: attributedTest(place)
        case .ruby: rubyTest(place)
        case .php: phpTest(place) ?? scriptTest(place)
        case .c: macroTest(place)
        }
    }

    // MARK: Bodies

    func text(_ place: Int) -> String { tokens.text(place).string }

    func isOne(_ place: Int, of words: Set<String>) -> Bool {
        tokens[place].kind == .identifier && words.contains(text(place))
    }

    /// Returns the places inside the braces after a declaration, or up to the end of the line if there are no braces.
    func braces(behind start: Int) -> Range<Int> {
        let line = tokens[start].line
        var place = start
        let end = tokens.places(from: start, atMost: Self.farthest).upperBound
        while place < end {
            if tokens.isMark(place, "{") { return place + 1..<max(place + 1, tokens.behindBracket(place) - 1) }
            if tokens.isMark(place, "}") || (tokens.isMark(place, ";") && tokens[place].line >= line) { break }
            place = tokens.isMark(place, "(") || tokens.isMark(place, "[") ? tokens.behindBracket(place) : place + 1
        }
        return start..<place
    }

    /// Returns the places after a line that are indented deeper than the line.
    func indented(behind start: Int, column: Int) -> Range<Int> {
        var depth = 0
        var place = start
        while place < tokens.count {
            let token = tokens[place]
            if token.kind != .newline, depth <= 0, tokens.startsLine(place), tokens.column(place) <= column { break }
            if token.kind == .punctuation {
                switch token.byte {
                case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
                case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
                default: break
                }
            }
            place += 1
        }
        return start..<place
    }

    /// Returns the column of the first token in a token's line.
    func indentation(of place: Int) -> Int {
        var first = place
        while first > 0, !tokens.startsLine(first) { first -= 1 }
        return tokens.column(first)
    }

    /// Words that do nothing by themselves.
    private static let idle: Set<String> = [
        "pass", "return", "None", "null", "nil", "undefined", "true", "True", "TRUE", "assert", "assertTrue", "assert_",
        "XCTAssertTrue", "XCTAssert", "expect", "self", "this", "Assert", "Assertions", "toBe", "ok", "equal", "True",
        "end", "do",
    ]

    private func isEmpty(_ body: Range<Int>) -> Bool {
        var sawWork = false
        for place in body {
            let token = tokens[place]
            switch token.kind {
            case .none, .newline, .punctuation, .string, .stringRest, .comment, .character: continue
            case .regex: return false
            case .number:
                if text(place) != "1" { sawWork = true }
            case .identifier:
                if !sawWork, tokens.isWord(place, "return"), returnsNothing(place, in: body) { return true }
                if !Self.idle.contains(text(place)) { sawWork = true }
            }
            if sawWork { return false }
        }
        return true
    }

    private func returnsNothing(_ place: Int, in body: Range<Int>) -> Bool {
        let next = place + 1
        return next >= body.upperBound || tokens[next].kind == .newline || tokens.isMark(next, ";")
            || tokens[next].line > tokens[place].line
    }
}
