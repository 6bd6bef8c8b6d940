/// What failures of one kind have in common: the exception or error code, and the words of the message that do not name
/// something of one task.
package struct FailureSignature: Sendable, Hashable {
    /// A word of a message.
    enum Token: Sendable, Hashable {
        /// A word of the vocabulary of compilers and test runners, or a comparison.
        case known(String)
        /// Any other word. It may be the name of something.
        case other(String)
        /// A word without a meaning of its own, such as `the`.
        case filler(String)
        /// A name, a number, a path, a quoted text or a value. Several in a row count as one.
        case value
    }

    /// The error code or the rule of a linter, such as `ts2345` or `no-unused-vars`. It alone tells the kind.
    let code: String?
    /// Exception types, sorted.
    let heads: [String]
    let tokens: [Token]

    /// - Parameters:
    ///   - message: the first assertion or error of a failure.
    ///   - names: words that belong to one task, in lower case. They count as values.
    package init(_ message: String, names: Set<String> = []) {
        var reader = SignatureReader(names: names)
        let words = SignatureText.words(of: message)
        for (place, word) in words.enumerated() {
            reader.take(word, after: place == 0 ? nil : words[place - 1], isLast: place == words.count - 1)
        }
        code = reader.code
        heads = reader.heads.sorted()
        tokens = reader.tokens
    }

    /// One line that is equal for equal signatures.
    package var text: String {
        ([code].compactMap { $0 } + heads + tokens.map(Self.text)).joined(separator: " ")
    }

    private static func text(_ token: Token) -> String {
        switch token {
        case .known(let word), .other(let word), .filler(let word): word
        case .value: "_"
        }
    }

    /// Whether the message says nothing but values.
    var isEmpty: Bool { code == nil && heads.isEmpty && !tokens.contains { $0.weight > 0 } }
}

extension FailureSignature.Token {
    /// How much the word tells of the kind of failure.
    var weight: Double {
        switch self {
        case .known: isComparison ? 0.5 : 1
        case .other: 0.5
        case .filler, .value: 0
        }
    }
}

// MARK: Comparison

extension FailureSignature {
    /// Least share of common words of two messages of one kind.
    private static let similar = 0.75
    /// The same, where only one of the messages has an exception.
    private static let verySimilar = 0.85
    /// Least weight of their common words then.
    private static let telling = 3.0
    /// Words that turn a message into its opposite.
    private static let negations: Set<String> = ["not", "no", "never", "cannot", "can't", "unexpectedly", "without"]

    /// How many failures have a message.
    enum Frequency: Comparable {
        /// Once or twice: the message may be a variant of another one.
        case rare
        case usual
        /// So often that one word more makes another kind.
        case frequent
    }

    /// Whether two messages are of one kind.
    ///
    /// They are if they differ in words without a meaning only, or if one is rare enough to be a variant of the other: it has
    /// a few words more, none of which says the opposite.
    /// - Parameter frequency: of the rarer one.
    func isSimilar(to other: FailureSignature, frequency: Frequency) -> Bool {
        if self == other { return true }
        if code != nil || other.code != nil { return code == other.code }
        if heads == other.heads, weighted == other.weighted { return true }
        let (mine, theirs) = (words, other.words)
        let extra = mine.keys.filter { theirs[$0] == nil }
        let missing = theirs.keys.filter { mine[$0] == nil }
        guard extra.isEmpty || missing.isEmpty else { return false }
        return isVariant(of: other, by: Set(extra + missing), frequency)
    }

    private func isVariant(of other: FailureSignature, by difference: Set<Token>, _ frequency: Frequency) -> Bool {
        for word in difference {
            guard case .known(let text) = word else { continue }
            if frequency > .rare || Self.negations.contains(text) { return false }
        }
        let isSameHead = heads == other.heads
        guard frequency < .frequent, isSameHead || heads.isEmpty || other.heads.isEmpty else { return false }
        let (mine, theirs) = (words, other.words)
        let shared = mine.reduce(0.0) { $0 + $1.key.weight * Double(min($1.value, theirs[$1.key] ?? 0)) }
        let all = Self.weight(mine) + Self.weight(theirs)
        guard isSameHead || shared >= Self.telling else { return false }
        let head = isSameHead ? Double(2 * heads.count) : 0
        guard all + head > 0 else { return true }
        return (2 * shared + head) / (all + head) >= (isSameHead ? Self.similar : Self.verySimilar)
    }

    private var weighted: [Token] { tokens.filter { $0.weight > 0 } }

    private var words: [Token: Int] {
        tokens.reduce(into: [:]) { counts, token in if token.weight > 0 { counts[token, default: 0] += 1 } }
    }

    private static func weight(_ words: [Token: Int]) -> Double {
        words.reduce(0) { $0 + $1.key.weight * Double($1.value) }
    }

    /// The message with names replaced, each in another way: messages that share a pattern may differ in a name only.
    var patterns: [String] {
        let places = tokens.indices.filter { tokens[$0].isOther }
        guard !places.isEmpty, code == nil else { return [] }
        var found: [String] = []
        if !heads.isEmpty || tokens.contains(where: { $0.weight == 1 }) { found.append(pattern(without: Set(places))) }
        // Other words have to tell the kind where no known one does.
        if places.count > 1, tokens.count > 2 { found += places.map { pattern(without: [$0]) } }
        return found
    }

    /// Words of a message up to which two of them may be replaced at once.
    private static let shortMessage = 14

    /// The message with one or two words replaced, whatever they are: words of the vocabulary are names too.
    var loosePatterns: [String] {
        guard code == nil else { return [] }
        let places = tokens.indices.filter { tokens[$0].weight > 0 && !tokens[$0].isComparison }
        var found = places.count + heads.count > 1 ? places.map { pattern(without: [$0]) } : []
        guard places.count + heads.count > 3, tokens.count <= Self.shortMessage else { return found }
        for (index, place) in places.enumerated() {
            found += places[..<index].map { pattern(without: [$0, place]) }
        }
        return found
    }

    /// The message with one value for several in a row.
    var pattern: String { pattern(without: []) }

    private func pattern(without places: Set<Int>) -> String {
        var words = heads
        for index in tokens.indices {
            let word = places.contains(index) ? "_" : Self.text(tokens[index])
            if word != "_" || words.last != "_" { words.append(word) }
        }
        return words.joined(separator: " ")
    }
}

extension FailureSignature.Token {
    var isOther: Bool {
        if case .other = self { true } else { false }
    }

    var isComparison: Bool {
        if case .known(let word) = self { SignatureText.comparisons.contains(word) } else { false }
    }
}
