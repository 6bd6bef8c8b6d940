/// The words of a shell command, as far as they can be told without running it.
struct ShellWords {
    /// The programs that it starts, as written.
    private(set) var programs: [String] = []
    /// All words, without operators and assignments.
    private(set) var words: [String] = []

    private static let operators: Set<Character> = [";", "&", "|", "(", ")", "\n", "<", ">"]
    /// Words after which another program follows.
    private static let prefixes: Set<String> = [
        "then", "do", "else", "elif", "if", "while", "until", "time", "exec", "env", "nice", "nohup", "command", "!",
        "{",
    ]
    private static let shells: Set<String> = ["sh", "bash", "dash", "zsh", "ksh"]
    /// Levels of `sh -c`.
    private static let deepest = 4

    init(_ command: String, depth: Int = 0) {
        var startsCommand = true
        var followsRedirection = false
        var isShell = false
        for token in Self.tokens(command) {
            switch token {
            case .operator(let character):
                followsRedirection = character == "<" || character == ">"
                if !followsRedirection { (startsCommand, isShell) = (true, false) }
            case .word(let word):
                defer { followsRedirection = false }
                if startsCommand, !followsRedirection {
                    if Self.isAssignment(word) || Self.prefixes.contains(word) || word.hasPrefix("-") { continue }
                    programs.append(word)
                    startsCommand = false
                    isShell = Self.shells.contains(String(word.split(separator: "/").last ?? ""))
                } else if isShell, word.contains(" "), depth < Self.deepest {
                    let inner = ShellWords(word, depth: depth + 1)
                    programs += inner.programs
                    words += inner.words
                    continue
                }
                words.append(word)
            }
        }
    }

    enum Token: Equatable {
        case word(String)
        case `operator`(Character)
    }

    static func isAssignment(_ word: String) -> Bool {
        guard let sign = word.firstIndex(of: "="), sign > word.startIndex else { return false }
        return word[..<sign].allSatisfy { $0 == "_" || $0.isLetter || $0.isNumber }
    }

    static func tokens(_ command: String) -> [Token] {
        var tokens: [Token] = []
        var word = ""
        var isInWord = false
        var quote: Character?
        var isEscaped = false
        func end() {
            if isInWord { tokens.append(.word(word)) }
            (word, isInWord) = ("", false)
        }
        for character in command {
            if isEscaped {
                if character != "\n" { (word, isInWord) = (word + String(character), true) }
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if let open = quote {
                if character == open { quote = nil } else { word.append(character) }
            } else if character == "'" || character == "\"" {
                (quote, isInWord) = (character, true)
            } else if operators.contains(character) {
                end()
                tokens.append(.operator(character))
            } else if character == " " || character == "\t" {
                end()
            } else {
                (word, isInWord) = (word + String(character), true)
            }
        }
        end()
        return tokens
    }
}
