/// Sorts the words of a message into heads, words and values.
struct SignatureReader {
    let names: Set<String>
    private(set) var code: String?
    private(set) var heads: Set<String> = []
    private(set) var tokens: [FailureSignature.Token] = []
    private var hasException = false

    /// Words that are looked at. What follows is the end of a long value.
    private static let mostTokens = 40

    init(names: Set<String>) { self.names = names }

    /// - Parameters:
    ///   - before: the word before; nil for the first one.
    ///   - isLast: whether the message ends with it.
    mutating func take(_ raw: Substring, after before: Substring?, isLast: Bool) {
        guard tokens.count < Self.mostTokens else { return }
        let word = SignatureText.trimmed(raw)
        if word.isEmpty || SignatureText.comparisons.contains(String(word)) {
            if SignatureText.comparisons.contains(String(raw)) { add(.known(String(raw))) }
            return
        }
        if word == SignatureText.value { return add(.value) }
        if let matcher = SignatureText.matcher(word) { return add(.known(matcher)) }
        if code == nil, let found = SignatureText.code(word, in: raw, isFirst: before == nil, isLast: isLast) {
            code = found
            return
        }
        if let name = SignatureText.exception(word) { return takeException(name) }
        // `undefined: order`, where the name may be any word.
        if isLast, let before, before.hasSuffix(":"), SignatureText.exception(SignatureText.trimmed(before)) == nil,
            tokens.last.map({ $0.weight == 1 }) ?? false
        {
            return add(.value)
        }
        if SignatureText.isType(word, after: before) { return add(.value) }
        if SignatureText.isTelling(word, after: before) { return add(.known(word.lowercased())) }
        takeWord(word)
    }

    private mutating func takeException(_ name: String) {
        if hasException { return add(.known(name)) }
        hasException = true
        // `Error` is what JavaScript calls all of them, and others put it before a message.
        if name != "error" { heads.insert(name) }
    }

    private mutating func takeWord(_ word: Substring) {
        let lower = word.lowercased()
        let stem = Vocabulary.stem(lower)
        if SignatureText.literals.contains(lower) { return add(.value) }
        if SignatureText.fillers.contains(lower) { return add(.filler(lower)) }
        if Vocabulary.words.contains(stem) { return add(.known(stem)) }
        guard !names.contains(lower), !names.contains(stem), SignatureText.isPlain(word) else { return add(.value) }
        add(.other(stem))
    }

    private mutating func add(_ token: FailureSignature.Token) {
        if token == .value, tokens.last == .value { return }
        tokens.append(token)
    }
}

/// The parts of a message.
enum SignatureText {
    /// What stands for a replaced part.
    static let value = "\u{1}"

    static let comparisons: Set<String> = ["!=", "==", "===", "!==", "<", ">", "<=", ">=", "≠"]
    static let literals: Set<String> = ["true", "false", "none", "null", "nil", "nan", "inf"]
    static let fillers: Set<String> = [
        "a", "an", "and", "are", "as", "at", "be", "but", "by", "does", "did", "for", "from", "had", "has", "have",
        "in", "is", "instance", "it", "its", "of", "on", "or", "so", "that", "the", "this", "to", "was", "were", "will",
        "with", "there",
        "error", "exit", "status", "info", "note", "you", "your", "we",
    ]
    /// After one of these, a tool guesses what was meant; it does so only where a name is near.
    private static let guesses = [
        "did you mean", "Did you mean", "perhaps you meant", "maybe you meant", "Maybe you meant", "Did you forget",
        "help: ", "hint: ",
    ]

    /// The words of a message, without quoted texts and lists.
    static func words(of message: String) -> [Substring] {
        var text = Substring(message)
        for guess in guesses {
            if let range = text.firstRange(of: guess), range.lowerBound > text.startIndex {
                text = text[..<range.lowerBound]
            }
        }
        let plain = withoutValues(Array(text))
        return plain.split(whereSeparator: \.isWhitespace)
    }

    private static let quotes: [Character: [Character]] = [
        "\"": ["\""], "'": ["'"], "`": ["`", "'"], "‘": ["’"], "“": ["”"], "«": ["»"], "[": ["]"], "{": ["}"],
        "<": [">"],
    ]

    /// Replaces quoted texts, lists, and values in angle brackets.
    private static func withoutValues(_ text: [Character]) -> String {
        var result = ""
        var index = 0
        while index < text.count {
            let character = text[index]
            let before = index == 0 ? " " : text[index - 1]
            guard let closing = quotes[character], opens(character, after: before, text, index) else {
                result.append(character)
                index += 1
                continue
            }
            if let end = end(of: character, closing, text, index) {
                let inside = text[(index + 1)..<end]
                result += keeps(inside, in: character) ? " [\(String(inside))] " : " \(value) "
                index = end + 1
            } else if character == "[" || character == "{" || character == "\"" || character == "'" {
                // A long value was cut.
                return result + " \(value)"
            } else {
                result.append(character)
                index += 1
            }
        }
        return result
    }

    /// Whether brackets hold the code of the error: `[E0425]`, `[-Wunused-variable]`, `[ERR_ASSERTION]`, `[arg-type]`.
    private static func keeps(_ inside: ArraySlice<Character>, in bracket: Character) -> Bool {
        guard bracket == "[" else { return false }
        let text = String(inside)
        return code(Substring(text), in: Substring("[\(text)]"), isFirst: false, isLast: false) != nil
    }

    private static func opens(_ character: Character, after before: Character, _ text: [Character], _ index: Int)
        -> Bool
    {
        // An apostrophe in a word, and `a < b`.
        if character == "'" { return !before.isLetter && !before.isNumber }
        if character == "<" {
            return index + 1 < text.count && text[index + 1] != " " && text[index + 1] != "="
        }
        return true
    }

    private static func end(
        of opening: Character, _ closing: [Character], _ text: [Character], _ index: Int
    ) -> Int? {
        var depth = 0
        var place = index + 1
        while place < text.count {
            let character = text[place]
            if character == opening, opening == "[" || opening == "{" || opening == "<" {
                depth += 1
            } else if closing.contains(character) {
                let next = place + 1 < text.count ? text[place + 1] : " "
                // `doesn't` inside of a quoted text does not end it.
                let isEnd = character != "'" || !(next.isLetter || next.isNumber)
                if isEnd, depth == 0 { return place }
                if isEnd { depth -= 1 }
            }
            place += 1
        }
        return nil
    }

    private static let types: Set<String> = [
        "int", "integer", "long", "short", "float", "double", "bool", "boolean", "char", "byte", "str", "string",
        "number",
        "object", "list", "dict", "array", "bytes", "any", "void", "undefined",
    ]
    private static let beforeType: Set<String> = [
        "from", "to", "type", "got", "expected", "found", "as", "of", "and", "received", "was", "is", "be", "not", "or",
    ]

    /// Whether a word is the name of a type, which is a value: `conversion from double to int`.
    static func isType(_ word: Substring, after before: Substring?) -> Bool {
        guard types.contains(String(word)), let before else { return false }
        return beforeType.contains(trimmed(before).lowercased())
    }

    /// Words after which `None` or `true` is what the message is about: `3 is not None`.
    private static let beforeLiteral: Set<String> = ["not", "is", "be", "unexpectedly"]
    /// Words after which a number names the kind: `HTTP 404`, `signal 11`.
    private static let beforeNumber: Set<String> = ["http", "http/1.1", "signal", "errno", "status"]

    /// Whether a literal or a number is no value but what tells the kind.
    static func isTelling(_ word: Substring, after before: Substring?) -> Bool {
        guard let before = before.map({ trimmed($0).lowercased() }) else { return false }
        if literals.contains(word.lowercased()) { return beforeLiteral.contains(before) }
        return beforeNumber.contains(before) && word.count <= 3 && word.allSatisfy(\.isNumber)
    }

    static func trimmed(_ word: Substring) -> Substring {
        let marks: Set<Character> = [
            ".", ",", ";", ":", "!", "?", "(", ")", "[", "]", "{", "}", "\"", "'", "`", "…", "*", "|",
        ]
        var word = word
        while let first = word.first, marks.contains(first), !comparisons.contains(String(word)) {
            word = word.dropFirst()
        }
        while let last = word.last, marks.contains(last) { word = word.dropLast() }
        return word
    }

    /// The matcher in `expect(received).toBe(expected)`, and an assertion's name such as `XCTAssertEqual`.
    static func matcher(_ word: Substring) -> String? {
        let lower = word.lowercased()
        if lower.hasPrefix("expect(") {
            return "expect" + (lower.firstRange(of: ").").map { lower[$0.upperBound...].prefix { $0 != "(" } } ?? "")
        }
        if lower.hasPrefix("xctassert") || lower.hasPrefix("assert_") || lower.hasPrefix("assert.") {
            return String(lower.prefix { $0 != "(" && $0 != "!" })
        }
        return nil
    }

    /// An error code or a rule: `TS2345`, `E0425`, `ERR_ASSERTION`, `-Wunused-variable`, `no-unused-vars`.
    ///
    /// - Parameter raw: the word with its punctuation. A code begins the message, ends with a colon or is in brackets; a
    ///   rule ends the message or is in brackets.
    static func code(_ word: Substring, in raw: Substring, isFirst: Bool, isLast: Bool) -> String? {
        let isMarked = raw.hasPrefix("[") || raw.hasPrefix("(")
        if word.hasPrefix("-W"), word.count > 3 { return word.lowercased() }
        let letters = word.prefix { $0.isASCII && $0.isUppercase }
        let digits = word[letters.endIndex...]
        if isFirst || isMarked || raw.hasSuffix(":"), (1...6).contains(letters.count), (3...5).contains(digits.count),
            digits.allSatisfy(\.isNumber)
        {
            return word.lowercased()
        }
        guard isLast || isMarked else { return nil }
        return isRule(word) || isMarked && word.hasPrefix("ERR_") ? word.lowercased() : nil
    }

    /// Whether a word is written as linters write their rules: `no-unused-vars`, `@typescript-eslint/no-explicit-any`.
    private static func isRule(_ word: Substring) -> Bool {
        let name = word.split(separator: "/").last ?? word
        let parts = name.split(separator: "-", omittingEmptySubsequences: false)
        return parts.count > 1 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0.isLowercase && $0.isASCII } }
    }

    private static let endings = [
        "Error", "Exception", "Failure", "Warning", "Interrupt", "Failed", "Exit", "Iteration",
    ]

    /// The name of an exception without its package, in lower case.
    static func exception(_ word: Substring) -> String? {
        let name = word.split { ".:\\$/".contains($0) }.last ?? word
        guard let first = name.first, first.isUppercase, name.count > 4,
            name.allSatisfy({ $0.isLetter || $0.isNumber }),
            endings.contains(where: { name.hasSuffix($0) })
        else { return nil }
        // `Failed` and `Failure` at the start of a sentence are words.
        return name.count > 7 || name == "Error" ? name.lowercased() : nil
    }

    /// Whether a word is of prose: letters only, with no capital inside.
    static func isPlain(_ word: Substring) -> Bool {
        guard word.count > 1, word.count < 24 else { return false }
        for (place, character) in word.enumerated() {
            if character.isLetter {
                if place > 0, character.isUppercase { return word.allSatisfy(\.isUppercase) }
            } else if character != "'" && character != "’" && character != "-" {
                return false
            }
        }
        return true
    }
}
