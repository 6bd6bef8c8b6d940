import DependencyGraph

// Forms of tests by language. Each function returns the test that starts at a token, or nil.
extension TestReader {
    /// `def test_x` of unittest and pytest.
    func pythonTest(_ place: Int) -> Found? {
        guard isTestPath, tokens.isWord(place, "def"), tokens.text(place + 1).starts(with: "test".utf8) else {
            return nil
        }
        var start = tokens.behindBracket(place + 2, within: 2_000)
        while start < tokens.count, !tokens.isMark(start, ":"), tokens[start].kind != .newline { start += 1 }
        return Found(
            name: text(place + 1), place: place + 1, body: indented(behind: start + 1, column: indentation(of: place)))
    }

    private static let scriptWords: Set<String> = ["it", "test", "specify", "fit", "xit", "xtest", "ftest", "scenario"]

    /// `it("…", …)` of Jest, Mocha, Vitest, node:test, Deno and Pest.
    func scriptTest(_ place: Int) -> Found? {
        guard isOne(place, of: Self.scriptWords),
            !tokens.isMark(place - 1, ".") || tokens.isWord(place - 2, "Deno") || tokens.isWord(place - 2, "t")
        else { return nil }
        var open = place + 1
        // `.only`, `.skip`, `.concurrent.each([…])` and the like.
        while tokens.isMark(open, "."), tokens[open + 1].kind == .identifier {
            open += 2
            if tokens.isMark(open, "("), tokens[open + 1].kind != .string { open = tokens.behindBracket(open) }
            if tokens[open].kind == .string { open += 1 }
        }
        guard tokens.isMark(open, "("), tokens[open + 1].kind == .string else { return nil }
        let end = tokens.behindBracket(open)
        var body = open + 2..<max(open + 2, end - 1)
        // The parameters of the function and the options before it are not part of the body.
        if let brace = body.first(where: { isBodyBrace($0) }) {
            body = brace + 1..<max(brace + 1, min(body.upperBound, tokens.behindBracket(brace) - 1))
        }
        return Found(name: tokens.contents(open + 1).string, place: open + 1, body: body)
    }

    private func isBodyBrace(_ place: Int) -> Bool {
        guard tokens.isMark(place, "{") else { return false }
        return tokens.isMark(place - 1, ")") || (tokens.isMark(place - 1, ">") && tokens.isMark(place - 2, "="))
    }

    /// `func TestX(t *testing.T)`, also as a method of a suite.
    func goTest(_ place: Int) -> Found? {
        guard isTestPath, tokens.isWord(place, "func") else { return nil }
        let name = tokens.isMark(place + 1, "(") ? tokens.behindBracket(place + 1, within: 20) : place + 1
        guard tokens.text(name).starts(with: "Test".utf8) || tokens.text(name).starts(with: "Fuzz".utf8),
            tokens.isMark(name + 1, "(")
        else { return nil }
        // The entry point of all tests, not a test.
        if tokens.isWord(name, "TestMain") { return nil }
        return Found(name: text(name), place: name, body: braces(behind: tokens.behindBracket(name + 1)))
    }

    private static let annotations: Set<String> = [
        "Test", "ParameterizedTest", "RepeatedTest", "TestFactory", "TestTemplate", "Theory", "Property",
    ]

    /// `@Test` of JUnit and TestNG.
    func annotatedTest(_ place: Int) -> Found? {
        guard tokens.isMark(place, "@"), isOne(place + 1, of: Self.annotations) else { return nil }
        return declared(behind: place + 2)
    }

    /// Returns the first declared name with a parameter list, after further annotations.
    private func declared(behind start: Int) -> Found? {
        var place = start
        if tokens.isMark(place, "(") { place = tokens.behindBracket(place, within: 2_000) }
        let end = tokens.places(from: start, atMost: 2_000).upperBound
        while place < end {
            if tokens.isMark(place, "@") {
                place += 2
                while tokens.isMark(place, "."), tokens[place + 1].kind == .identifier { place += 2 }
                if tokens.isMark(place, "(") { place = tokens.behindBracket(place, within: 2_000) }
            } else if tokens.isMark(place, "[") {
                place = tokens.behindBracket(place, within: 2_000)
            } else if tokens.isMark(place, "{") || tokens.isMark(place, "}") || tokens.isMark(place, ";") {
                return nil
            } else if tokens.isMark(place + 1, "("), tokens[place].kind == .identifier || tokens[place].kind == .string
            {
                let behind = tokens.behindBracket(place + 1, within: 2_000)
                return Found(name: text(place), place: place, body: braces(behind: behind))
            } else {
                place += 1
            }
        }
        return nil
    }

    /// `public void testX()` of JUnit 3.
    func junit3Test(_ place: Int) -> Found? {
        guard isTestPath, tokens.isWord(place, "void"), tokens.text(place + 1).starts(with: "test".utf8),
            tokens.isMark(place + 2, "("), tokens.isMark(place + 3, ")")
        else { return nil }
        return Found(name: text(place + 1), place: place + 1, body: braces(behind: place + 4))
    }

    /// `@Test func x()`, and `func testX()` in files that use XCTest.
    func swiftTest(_ place: Int) -> Found? {
        guard tokens.isWord(place, "func"), tokens.isMark(place + 2, "(") else { return nil }
        let isOld = tokens.text(place + 1).starts(with: "test".utf8) && tokens.isMark(place + 3, ")") && usesXCTest
        guard isOld || hasTestAttribute(before: place) else { return nil }
        return Found(
            name: text(place + 1), place: place + 1,
            body: braces(behind: tokens.behindBracket(place + 2, within: 2_000)))
    }

    /// In a file that only imports Swift Testing, a function without `@Test` never runs, whatever its name.
    private var usesXCTest: Bool {
        var testing = false
        for place in 0..<min(tokens.count, 400) where tokens.isWord(place, "import") {
            if tokens.isWord(place + 1, "XCTest") { return true }
            if tokens.isWord(place + 1, "Testing") { testing = true }
        }
        return isTestPath && !testing
    }

    private func hasTestAttribute(before function: Int) -> Bool {
        var place = function - 1
        var steps = 0
        while place >= 0, steps < Self.farthest {
            if tokens.isMark(place, "@"), tokens.isWord(place + 1, "Test") { return true }
            // The attribute would belong to this other declaration. Braces may be part of the attribute's arguments.
            if isOne(place, of: ["func", "struct", "class", "enum", "extension", "import", "var", "let"]) {
                return false
            }
            place -= 1
            steps += 1
        }
        return false
    }

    private static let rustAttributes: Set<String> = ["test", "rstest", "test_case", "wasm_bindgen_test", "quickcheck"]

    /// `#[test]`, `#[tokio::test]`.
    func rustTest(_ place: Int) -> Found? {
        guard tokens.isMark(place, "#"), tokens.isMark(place + 1, "[") else { return nil }
        var word = place + 2
        while tokens.isMark(word + 1, ":"), tokens.isMark(word + 2, ":") { word += 3 }
        guard isOne(word, of: Self.rustAttributes), !tokens.isMark(word + 1, "=") else { return nil }
        for next in tokens.places(from: word, atMost: Self.farthest) where tokens.isWord(next, "fn") {
            return Found(
                name: text(next + 1), place: next + 1,
                body: braces(behind: tokens.behindBracket(next + 2, within: 2_000)))
        }
        return nil
    }

    private static let csharpAttributes: Set<String> = [
        "Test", "Fact", "Theory", "TestMethod", "TestCase", "DataTestMethod", "TestCaseSource", "SkippableFact",
    ]

    /// `[Fact]` of xUnit, `[Test]` of NUnit, `[TestMethod]` of MSTest.
    func attributedTest(_ place: Int) -> Found? {
        guard tokens.isMark(place - 1, "[") || tokens.isMark(place - 1, ","), isOne(place, of: Self.csharpAttributes)
        else { return nil }
        let next = tokens.isMark(place + 1, "(") ? tokens.behindBracket(place + 1, within: 2_000) : place + 1
        guard tokens.isMark(next, "]") || tokens.isMark(next, ",") else { return nil }
        var start = next
        while start < tokens.count, !tokens.isMark(start, "]") { start += 1 }
        return declared(behind: start + 1)
    }

    private static let rubyWords: Set<String> = [
        "it", "specify", "test", "scenario", "example", "should", "xit", "fit",
    ]

    /// `def test_x` of Minitest, `it "…" do` of RSpec, `test "…" do` of Rails.
    func rubyTest(_ place: Int) -> Found? {
        guard isTestPath, tokens[place].kind == .identifier else { return nil }
        if tokens.isWord(place, "def"), tokens.text(place + 1).starts(with: "test_".utf8) {
            return Found(
                name: text(place + 1), place: place + 1, body: indented(behind: place + 2, column: tokens.column(place))
            )
        }
        guard tokens.startsLine(place), isOne(place, of: Self.rubyWords) else { return nil }
        let name = tokens.isMark(place + 1, "(") ? place + 2 : place + 1
        guard tokens[name].kind == .string else { return nil }
        return Found(
            name: tokens.contents(name).string, place: name,
            body: indented(behind: name + 1, column: tokens.column(place)))
    }

    /// `function testX()` of PHPUnit, and any method with `#[Test]`.
    func phpTest(_ place: Int) -> Found? {
        if tokens.isMark(place, "#"), tokens.isMark(place + 1, "["), tokens.isWord(place + 2, "Test") {
            return declared(behind: tokens.behindBracket(place + 1, within: 100))
        }
        guard isTestPath, tokens.isWord(place, "function"), tokens.text(place + 1).starts(with: "test".utf8),
            tokens.isMark(place + 2, "(")
        else { return nil }
        return Found(
            name: text(place + 1), place: place + 1,
            body: braces(behind: tokens.behindBracket(place + 2, within: 2_000)))
    }

    private static let macros: Set<String> = [
        "TEST", "TEST_F", "TEST_P", "TYPED_TEST", "TEST_CASE", "SCENARIO", "BOOST_AUTO_TEST_CASE",
    ]

    /// `TEST(Suite, Name) { … }` of GoogleTest, `TEST_CASE("…") { … }` of Catch2.
    func macroTest(_ place: Int) -> Found? {
        guard isOne(place, of: Self.macros), tokens.isMark(place + 1, "(") else { return nil }
        let end = tokens.behindBracket(place + 1, within: Self.farthest)
        guard tokens.isMark(end, "{") else { return nil }
        let name = tokens.text(from: place + 2, through: max(place + 2, end - 2)).string
        return Found(name: name, place: place, body: braces(behind: end))
    }
}
