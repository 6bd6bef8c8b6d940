import DependencyGraph

extension SuppressionRules {
    /// The group of a comment that silences, or nil.
    func group(of comment: String) -> Group? {
        if let found = starts.first(where: { Self.starts(comment, $0.word) }) { return found.group }
        return words.first { Self.holds(comment, $0.word) }?.group
    }

    /// The group of an attribute that starts at a token, or nil.
    func group(of tokens: Tokens, at place: Int) -> Group? {
        // Every attribute starts with a mark.
        guard tokens[place].kind == .punctuation else { return nil }
        return attributes.first { rule in
            rule.tokens.enumerated().allSatisfy { offset, text in tokens.text(place + offset).elementsEqual(text.utf8) }
        }?.group
    }

    private static func starts(_ text: String, _ word: String) -> Bool {
        text.hasPrefix(word) && ends(text.utf8.dropFirst(word.utf8.count).first)
    }

    private static func holds(_ text: String, _ word: String) -> Bool {
        var rest = text.utf8[...]
        while let found = rest.firstRange(of: word.utf8) {
            let isStart =
                found.lowerBound == text.utf8.startIndex || ends(text.utf8[text.utf8.index(before: found.lowerBound)])
            // 'NOLINTNEXTLINE' and 'rubocop:disableall' alike: what follows does not undo it.
            if isStart { return true }
            rest = rest[found.upperBound...]
        }
        return false
    }

    private static func ends(_ byte: UInt8?) -> Bool {
        guard let byte else { return true }
        return
            !(byte == UInt8(ascii: "_") || byte >= 0x80 || (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte))
    }
}
