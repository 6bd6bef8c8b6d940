import DependencyGraph

extension TestReader {
    /// Words before a name that make it a declaration.
    private static let declaring: Set<String> = ["def", "func", "fn", "fun", "function", "void", "class", "import"]
    /// Names that look like assertions but do not assert anything.
    private static let noAssertions: Set<String> = [
        "expectation", "assertions", "XCTAssertNoThrow", "assertDoesNotThrow", "expecting", "assertion",
    ]

    /// Returns whether an assertion starts at a token: one of any framework, or a call with a similar name.
    func isAssertion(_ place: Int) -> Bool {
        let token = tokens[place]
        guard token.kind == .identifier else { return false }
        let first = tokens.bytes[Int(token.start)] | 0x20
        // The first letters of all names below.
        guard "abcdefimnprswvx".utf8.contains(first) else { return false }
        if isStatement(place) { return !isTrivial(place + 1, endsBracket: false) }
        let isMacro = dialect == .rust && tokens.isMark(place + 1, "!")
        let open = isMacro ? place + 2 : place + 1
        guard tokens.isMark(open, "(") || isMacro && (tokens.isMark(open, "[") || tokens.isMark(open, "{")) else {
            return isWithoutBracket(place)
        }
        if isOne(place - 1, of: Self.declaring) { return false }
        let name = text(place)
        guard isAssertionName(name, place) else { return false }
        return !isTrivial(open + 1, endsBracket: true)
    }

    private func isAssertionName(_ name: String, _ place: Int) -> Bool {
        let lower = name.lowercased()
        let isMember = tokens.isMark(place - 1, ".")
        if Self.noAssertions.contains(name) { return false }
        if lower.hasPrefix("assert") { return true }
        switch dialect {
        case .rust: return lower.hasPrefix("prop_assert")
        case .go:
            if isMember, isOne(place - 2, of: ["assert", "require", "is", "must"]) { return name != "New" }
            return isMember && isOne(place - 2, of: ["t", "b", "f", "tb"])
                && ["Error", "Errorf", "Fatal", "Fatalf", "Fail", "FailNow"].contains(name) || lower.hasPrefix("expect")
        case .swift:
            return lower.hasPrefix("expect")
                || name.hasPrefix("XCT") && !name.hasPrefix("XCTSkip") && name != "XCTestExpectation"
                || (name == "require" && tokens.isMark(place - 1, "#"))
                || (name == "record" && isMember && tokens.isWord(place - 2, "Issue"))
        case .python:
            return lower.hasPrefix("expect") || lower.hasPrefix("fail")
                || ["raises", "warns", "deprecated_call", "eq_", "ok_"].contains(name)
        case .script:
            return lower.hasPrefix("expect") || lower == "fail"
                || isMember && isOne(place - 2, of: ["assert", "should"])
        case .jvm:
            return lower.hasPrefix("expect") || ["fail", "verify", "shouldThrow"].contains(name)
        case .csharp:
            return isMember && text(place - 2).hasSuffix("Assert") || name == "Should" || name == "Verify"
                || lower.hasPrefix("expect")
        case .ruby: return lower.hasPrefix("expect") || lower.hasPrefix("refute") || name == "flunk"
        case .php: return lower.hasPrefix("expect") || lower == "fail"
        case .c:
            return lower.hasPrefix("expect") || lower.hasPrefix("check") || lower.hasPrefix("require")
                || lower.hasPrefix("boost_check") || lower.hasPrefix("boost_require")
        }
    }

    /// Whether a token starts `assert x` of Python, Java or Kotlin.
    private func isStatement(_ place: Int) -> Bool {
        guard dialect == .python || dialect == .jvm, tokens.isWord(place, "assert") else { return false }
        // Python's may be written like a call: `assert (a, b)` and `assert(a)` are statements too.
        return dialect == .python ? !tokens.isMark(place - 1, ".") : !tokens.isMark(place + 1, "(")
    }

    /// Whether a token is an assertion without a call: a command of Ruby, a matcher that is an operator, an attribute.
    private func isWithoutBracket(_ place: Int) -> Bool {
        switch dialect {
        case .ruby:
            let name = text(place)
            if tokens.isMark(place - 1, ".") {
                return name.hasPrefix("must_") || name.hasPrefix("wont_") || name == "should"
            }
            return tokens.startsLine(place)
                && (name.hasPrefix("assert") || name.hasPrefix("refute") || name == "flunk")
        case .jvm:
            // Kotest's `a shouldBe b`, and `@Test(expected = X.class)`.
            let name = tokens.text(place)
            return name.starts(with: "should".utf8) && tokens[place - 1].kind != .punctuation
                || tokens.isWord(place, "expected") && tokens.isMark(place + 1, "=") && tokens.isMark(place - 1, "(")
        case .rust: return tokens.isWord(place, "should_panic")
        case .script: return tokens.isWord(place, "should") && tokens.isMark(place - 1, ".")
        default: return false
        }
    }

    /// Whether the assertion only asserts the literal `true`.
    private func isTrivial(_ place: Int, endsBracket: Bool) -> Bool {
        guard isOne(place, of: ["true", "True", "TRUE"]) else { return false }
        if endsBracket { return tokens.isMark(place + 1, ")") || tokens.isMark(place + 1, ",") && dialect == .python }
        let next = tokens[place + 1]
        return next.kind == .newline || next.kind == .none || tokens.isMark(place + 1, ";")
            || tokens.isMark(place + 1, ",")
            || next.line > tokens[place].line
    }

    // MARK: Skips

    private static let skipWords: [TestDialect: Set<String>] = [
        .python: [
            "skipTest", "skipIf", "skipUnless", "skipif", "expectedFailure", "SkipTest", "importorskip", "xfail",
            "skip",
        ],
        .script: ["xit", "xtest", "xdescribe", "fit", "fdescribe", "ftest", "xcontext", "pending"],
        .go: ["Skip", "Skipf", "SkipNow"],
        .swift: ["XCTSkip", "XCTSkipIf", "XCTSkipUnless", "disabled"],
        .ruby: ["skip", "xit", "xdescribe", "xcontext", "pending"],
        .php: ["markTestSkipped", "markTestIncomplete", "skip"],
        .c: ["GTEST_SKIP"],
        .csharp: ["Skip", "Ignore"],
    ]
    private static let annotations: Set<String> = ["Ignore", "Disabled", "DisabledIf", "Ignored"]
    private static let scriptFrames: Set<String> = ["it", "test", "describe", "suite", "context"]

    /// Returns whether a call or an attribute at a token skips its test, or all other tests.
    func isSkip(_ place: Int) -> Bool {
        guard tokens[place].kind == .identifier else { return false }
        let next = tokens.isMark(place + 1, "(")
        switch dialect {
        case .jvm: return tokens.isMark(place - 1, "@") && isOne(place, of: Self.annotations)
        case .rust:
            return tokens.isWord(place, "ignore") && tokens.isMark(place - 1, "[") && tokens.isMark(place - 2, "#")
        case .csharp:
            if tokens.isWord(place, "Skip"), tokens.isMark(place + 1, "=") { return true }
            let isAttribute = tokens.isMark(place - 1, "[") || tokens.isMark(place - 1, ",")
            return tokens.isWord(place, "Ignore") && (isAttribute && !tokens.isMark(place + 1, ".") || next)
        case .script:
            if tokens.isMark(place - 1, "."), isOne(place, of: ["skip", "only", "todo"]) {
                return isOne(place - 2, of: Self.scriptFrames) || (next && isOne(place - 2, of: ["this", "t"]))
            }
            return next && !tokens.isMark(place - 1, ".") && isListed(place)
        case .go: return next && tokens.isMark(place - 1, ".") && isListed(place)
        case .swift:
            return next && isListed(place) && (!tokens.isWord(place, "disabled") || tokens.isMark(place - 1, "."))
        case .ruby: return tokens.startsLine(place) && isListed(place)
        case .php, .c: return next && isListed(place)
        case .python:
            guard isListed(place), !isOne(place - 1, of: Self.declaring) else { return false }
            if tokens.isMark(place - 1, "@") || isOne(place - 1, of: ["raise"]) { return true }
            if tokens.isMark(place - 1, ".") {
                return !tokens.isWord(place, "skip") || isOne(place - 2, of: ["pytest", "mark", "unittest"])
            }
            return next && !tokens.isWord(place, "skip")
        }
    }

    private func isListed(_ place: Int) -> Bool { isOne(place, of: Self.skipWords[dialect] ?? []) }
}
