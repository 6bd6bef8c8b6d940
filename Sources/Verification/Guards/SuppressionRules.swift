import DependencyGraph

/// The comments and attributes that silence the checkers of a language.
struct SuppressionRules: Sendable {
    /// Starts of a piece of a comment, in the form of `CommentText.Piece.normal`.
    private var starts: [(group: String, word: String)] = []
    /// Words anywhere in a comment.
    private var words: [(group: String, word: String)] = []
    /// Sequences of tokens.
    private var attributes: [(group: String, tokens: [String])] = []

    /// Returns the group of a comment that silences a checker, or nil.
    func group(of comment: String) -> String? {
        if let found = starts.first(where: { Self.starts(comment, $0.word) }) { return found.group }
        return words.first { Self.holds(comment, $0.word) }?.group
    }

    /// Returns the group of an attribute that starts at a token, or nil.
    func group(of tokens: Tokens, at place: Int) -> String? {
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
            // What follows does not matter, as in 'NOLINTNEXTLINE' and 'rubocop:disableall'.
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

    static func of(_ language: String) -> SuppressionRules { byLanguage[language] ?? SuppressionRules() }

    private static let byLanguage: [String: SuppressionRules] = {
        let jvm = SuppressionRules(
            starts: [
                ("lint", "nopmd"), ("lint", "checkstyle:off"), ("lint", "noinspection"), ("lint", "scalastyle:off"),
                ("lint", "scalafix:off"), ("lint", "ktlint-disable"),
            ], words: [("lint", "nosonar")],
            attributes: [
                ("compiler", ["@", "SuppressWarnings"]), ("compiler", ["@", "Suppress"]),
                ("compiler", ["@", "file", ":", "Suppress"]), ("compiler", ["@", "SuppressLint"]),
                ("compiler", ["@", "SuppressFBWarnings"]), ("compiler", ["@", "nowarn"]),
            ])
        let c = SuppressionRules(
            words: [("lint", "nolint"), ("lint", "cppcheck-suppress"), ("lint", "codechecker_suppress")],
            attributes: [
                ("compiler", ["#", "pragma", "GCC", "diagnostic", "ignored"]),
                ("compiler", ["#", "pragma", "clang", "diagnostic", "ignored"]),
                ("compiler", ["#", "pragma", "warning", "(", "disable"]),
            ])
        return [
            "python": SuppressionRules(
                starts: [
                    ("lint", "noqa"), ("lint", "flake8:noqa"), ("lint", "ruff:noqa"), ("lint", "pylint:disable"),
                    ("lint", "pylint:skip-file"), ("lint", "nosec"), ("lint", "nosemgrep"), ("lint", "noinspection"),
                    ("types", "type:ignore"), ("types", "mypy:ignore-errors"), ("types", "mypy:disable-error-code"),
                    ("types", "pyright:ignore"), ("types", "pyre-ignore"), ("types", "pyre-fixme"),
                    ("types", "pytype:disable"), ("types", "pytype:skip-file"), ("types", "ty:ignore"),
                ],
                attributes: [
                    ("types", ["@", "no_type_check"]), ("types", ["@", "typing", ".", "no_type_check"]),
                ]),
            "typescript": SuppressionRules(
                starts: [
                    ("types", "@ts-ignore"), ("types", "@ts-expect-error"), ("types", "@ts-nocheck"),
                    ("types", "$flowfixme"), ("types", "$flowignore"), ("lint", "eslint-disable"),
                    ("lint", "tslint:disable"), ("lint", "biome-ignore"), ("lint", "oxlint-disable"),
                    ("lint", "deno-lint-ignore"), ("lint", "jshint ignore"),
                ], words: [("lint", "nosonar")]),
            "go": SuppressionRules(
                starts: [
                    ("lint", "nolint"), ("lint", "lint:ignore"), ("lint", "lint:file-ignore"), ("lint", "nosec"),
                    ("lint", "revive:disable"),
                ], words: [("lint", "#nosec"), ("lint", "# nosec")]),
            "rust": SuppressionRules(
                attributes: [
                    ("compiler", ["#", "[", "allow", "("]), ("compiler", ["#", "!", "[", "allow", "("]),
                    ("compiler", ["#", "[", "expect", "("]), ("compiler", ["#", "!", "[", "expect", "("]),
                    ("compiler", [",", "allow", "("]),
                ]),
            "java": jvm, "kotlin": jvm, "scala": jvm, "c": c, "c++": c, "objective-c": c,
            "swift": SuppressionRules(
                starts: [("lint", "swift-format-ignore")], words: [("lint", "swiftlint:disable")]),
            // The scanner reads directives as comments, so they have no '#' here.
            "csharp": SuppressionRules(
                starts: [
                    ("compiler", "pragma warning disable"), ("lint", "resharper disable"), ("lint", "nosonar"),
                    ("compiler", "nullable disable"),
                ],
                attributes: [
                    ("compiler", ["[", "SuppressMessage"]), ("compiler", [",", "SuppressMessage"]),
                    ("compiler", ["[", "assembly", ":", "SuppressMessage"]),
                    ("compiler", ["[", "UnconditionalSuppressMessage"]),
                ]),
            "ruby": SuppressionRules(
                starts: [("types", "typed:false"), ("types", "typed:ignore"), ("types", "steep:ignore")],
                words: [("lint", "rubocop:disable"), ("lint", "rubocop:todo"), ("lint", "standard:disable")]),
            "php": SuppressionRules(
                starts: [("lint", "noinspection")],
                words: [
                    ("lint", "phpcs:ignore"), ("lint", "phpcs:disable"), ("lint", "@codingstandardsignore"),
                    ("types", "@phpstan-ignore"), ("types", "@psalm-suppress"), ("types", "@phan-suppress"),
                ]),
            "shell": SuppressionRules(starts: [("lint", "shellcheck disable")]),
        ]
    }()
}
