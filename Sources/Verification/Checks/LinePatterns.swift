import Model

/// Patterns that the output of compilers, linters and test runners shares.
enum LinePatterns {
    private static let starts = [
        "E  ", "FAILED", "FAIL:", "FAIL ", "FAIL\t", "--- FAIL", "ERROR", "Error:", "panic:", "not ok ", "Traceback (",
        "fatal:", "Fatal error:", "Caused by:", "Exception in ", "npm ERR!", "ld: ", "e: ", "✘", "✖", "✗", "●", "❌",
    ].map { Array($0.utf8) }

    private static let parts = BytePatterns([
        "error:", "error[", "error TS", "Error: ", "Exception: ", "Exception in thread", "*** [", "undefined reference",
        "panicked at", "assertion failed", "Assertion failed", "Assertion `", "Segmentation fault", "core dumped",
        ": not found", "command not found", "No such file or directory", "Permission denied", "Killed",
        "No space left on device", "Cannot allocate memory", "==ERROR: ", " leak of ", "READ of size ",
        "WRITE of size ",
        "would reformat ",
    ])

    private static let words = ["error", "errors", "failed", "failure", "failures", "fatal", "fail", "fails"].map {
        Array($0.utf8)
    }

    private static let harmless = BytePatterns([": warning:", ": note:"])

    /// Returns whether a line by itself reports an error.
    static func isTelling(_ line: [UInt8]) -> Bool {
        guard let start = line.firstIndex(where: { $0 != 0x20 && $0 != 0x09 }) else { return false }
        let text = line[start...]
        // pytest marks the lines of an error with an E in the first column; elsewhere it is an ordinary letter.
        if starts.contains(where: { text.starts(with: $0) }) && (start == 0 || text[start] != UInt8(ascii: "E")) {
            return !reportsZero(text)
        }
        if parts.occur(in: text) { return true }
        if harmless.occur(in: text) { return false }
        return hasWord(text) || startsWithPlace(text) || startsWithRule(text) || announcesMessage(line)
    }

    /// Returns whether the lines below hold the message of a failure.
    static func announcesMessage(_ line: [UInt8]) -> Bool {
        guard line.last == UInt8(ascii: ":"), line.count < 300 else { return false }
        return OutputLine.announcesMessage(Substring(decoding: line, as: UTF8.self))
    }

    /// Returns whether a line belongs to an error above it: an excerpt of the source, values, a trace.
    static func isContext(_ line: [UInt8]) -> Bool {
        guard let first = line.first else { return true }
        if first == 0x20 || first == 0x09 || first == UInt8(ascii: "|") || first == UInt8(ascii: ">") { return true }
        // A bar of Terraform and of graphical diagnostics.
        if line.starts(with: Array("│".utf8)) || line.starts(with: Array("╵".utf8)) { return true }
        // The number of a source line, as Rust, Go and Python tools print it before a bar, and TypeScript before a space.
        guard isDigit(first) else { return false }
        return line.first { !isDigit($0) } == UInt8(ascii: " ") || line.prefix(12).contains(UInt8(ascii: "|"))
    }

    /// Returns whether a line is only a place, which the error below it belongs to: `src/a.js:3` or `File "a.py", line 3`.
    static func isPlace(_ line: [UInt8]) -> Bool {
        guard line.count < 300, let first = line.first(where: { $0 != 0x20 && $0 != 0x09 }),
            isDigit(line[line.count - 1])
                || first == UInt8(ascii: "F")
        else { return false }
        switch OutputLine(Substring(decoding: line, as: UTF8.self)) {
        case .heading, .earlierFrame: return true
        default: return false
        }
    }

    /// Returns whether a line is the title of a trace of Go: `goroutine 7 [running]:`.
    static func startsTrace(_ line: [UInt8]) -> Bool {
        line.starts(with: Array("goroutine ".utf8)) && line.last == UInt8(ascii: ":")
    }

    /// Neither letters nor digits.
    static func isBlank(_ line: [UInt8]) -> Bool {
        line.allSatisfy { !(isDigit($0) || isLetter($0) || $0 >= 0x80) }
    }

    /// A line across the screen.
    static func isRuler(_ line: [UInt8]) -> Bool {
        guard let first = line.first, line.count > 3, Array("-=_*#".utf8).contains(first) else { return false }
        return isBlank(line)
    }

    /// Whether a line contains one of the words by itself, and not as in "0 errors" or "Failures: 0".
    private static func hasWord(_ text: ArraySlice<UInt8>) -> Bool {
        var index = text.startIndex
        while index < text.endIndex {
            guard isLetter(text[index]) else {
                index += 1
                continue
            }
            let end = text[index...].firstIndex { !isLetter($0) } ?? text.endIndex
            // All the words have four to eight letters and begin with an E or an F.
            if (4...8).contains(end - index), (0x65...0x66).contains(text[index] | 0x20) {
                let word = text[index..<end].map { $0 | 0x20 }
                if words.contains(word), isWholeWord(text, index..<end), !countsZero(text, index..<end) { return true }
            }
            index = end
        }
        return false
    }

    /// Whether a word is not part of a path, an option or a name, such as `error.c`, `-Werror`, `test_error`.
    private static func isWholeWord(_ text: ArraySlice<UInt8>, _ word: Range<Int>) -> Bool {
        let joiners = Array("_-./=".utf8)
        if word.lowerBound > text.startIndex {
            let previous = text[word.lowerBound - 1]
            if joiners.contains(previous) || isDigit(previous) { return false }
        }
        guard word.upperBound < text.endIndex else { return true }
        let next = text[word.upperBound]
        if next == UInt8(ascii: "."), word.upperBound + 1 == text.endIndex { return true }
        return !(joiners.contains(next) || isDigit(next)) || (next == UInt8(ascii: "=") && !countsZero(text, word))
    }

    private static func countsZero(_ text: ArraySlice<UInt8>, _ word: Range<Int>) -> Bool {
        let before = text[..<word.lowerBound].split(separator: 0x20).last.map(Array.init)
        if let before, before == Array("0".utf8) || before.map({ $0 | 0x20 }) == Array("no".utf8) { return true }
        let after = text[word.upperBound...].drop { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "=") || $0 == 0x20 }
        guard after.startIndex > word.upperBound, after.first == UInt8(ascii: "0") else { return false }
        return after.count == 1 || !isDigit(after[after.startIndex + 1])
    }

    private static func reportsZero(_ text: ArraySlice<UInt8>) -> Bool {
        guard let end = text.firstIndex(where: { !isLetter($0) }) else { return false }
        return countsZero(text, text.startIndex..<end)
    }

    /// `path.ext:12: text` or `path.ext:12:5: text` or `path.ext(12,5): text`.
    private static func startsWithPlace(_ text: ArraySlice<UInt8>) -> Bool {
        let token = text.prefix { $0 != 0x20 && $0 != 0x09 }
        guard token.count < text.count, token.last == UInt8(ascii: ":"),
            let dot = token.firstIndex(of: UInt8(ascii: "."))
        else { return false }
        guard let separator = token[dot...].firstIndex(where: { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "(") }),
            separator + 1 < token.endIndex, isDigit(token[separator + 1])
        else { return false }
        return token.contains(where: isLetter)
    }

    /// A linter's rule, such as `F401 [*] …` or `SIM102 …`.
    private static func startsWithRule(_ text: ArraySlice<UInt8>) -> Bool {
        let letters = text.prefix { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
        let digits = text[letters.endIndex...].prefix(while: isDigit)
        return (1...4).contains(letters.count) && (3...4).contains(digits.count) && digits.endIndex < text.endIndex
            && text[digits.endIndex] == 0x20
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
