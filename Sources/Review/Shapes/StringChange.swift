/// What was changed in the text of a string, in words that are equal for equal changes.
enum StringChange {
    /// Words beyond which strings are not compared.
    private static let most = 60

    static func text(from old: String, to new: String) -> String {
        let (before, after) = (words(content(old)), words(content(new)))
        guard before.count <= most, after.count <= most else { return ValueRelation.other }
        var removed: [String] = []
        var added: [String] = []
        var parts: [String] = []
        func end() {
            defer { (removed, added) = ([], []) }
            switch (removed.joined(), added.joined()) {
            case ("", ""): return
            case ("", let text): take("plus '\(text)'")
            case (let text, ""): take("without '\(text)'")
            case (let text, let other): take("with '\(other)' for '\(text)'")
            }
        }
        func take(_ part: String) { if !parts.contains(part) { parts.append(part) } }
        for step in steps(before, after) {
            switch step {
            case .kept: end()
            case .removed(let word): removed.append(word)
            case .added(let word): added.append(word)
            }
        }
        end()
        return parts.isEmpty ? "as it was" : parts.sorted().joined(separator: ", ")
    }

    private enum Step {
        case kept
        case removed(String)
        case added(String)
    }

    /// The way from one list to the other with the longest common part.
    private static func steps(_ old: [String], _ new: [String]) -> [Step] {
        var lengths = Array(repeating: Array(repeating: 0, count: new.count + 1), count: old.count + 1)
        for row in old.indices.reversed() {
            for column in new.indices.reversed() {
                lengths[row][column] =
                    old[row] == new[column]
                    ? lengths[row + 1][column + 1] + 1 : max(lengths[row + 1][column], lengths[row][column + 1])
            }
        }
        var steps: [Step] = []
        var (row, column) = (0, 0)
        while row < old.count || column < new.count {
            if row < old.count, column < new.count, old[row] == new[column] {
                steps.append(.kept)
                (row, column) = (row + 1, column + 1)
            } else if column == new.count || (row < old.count && lengths[row + 1][column] >= lengths[row][column + 1]) {
                steps.append(.removed(old[row]))
                row += 1
            } else {
                steps.append(.added(new[column]))
                column += 1
            }
        }
        return steps
    }

    /// A string without its prefix and its quotes.
    private static func content(_ text: String) -> Substring.UTF8View {
        let quotes = Array("\"'`".utf8)
        var bytes = Substring(text).utf8.drop { !quotes.contains($0) }
        guard let quote = bytes.first else { return bytes }
        bytes = bytes.drop { $0 == quote }
        while bytes.last == quote { bytes = bytes.dropLast() }
        return bytes
    }

    /// Words, conversions such as `%d`, and other characters one by one. What is put in by name, as in `{name}`, is `{…}`.
    private static func words(_ bytes: Substring.UTF8View) -> [String] {
        var words: [String] = []
        var rest = bytes
        while let byte = rest.first {
            var end = rest.index(after: rest.startIndex)
            if isLetter(byte) {
                end = rest.firstIndex { !isLetter($0) } ?? rest.endIndex
            } else if byte == UInt8(ascii: "%"), end < rest.endIndex {
                end = rest.index(after: end)
            } else if byte == UInt8(ascii: "{"), let close = rest.firstIndex(of: UInt8(ascii: "}")) {
                if end < rest.endIndex, isLetter(rest[end]), !isDigit(rest[end]) {
                    words.append("{…}")
                    rest = rest[rest.index(after: close)...]
                    continue
                }
                end = rest.index(after: close)
            }
            words.append(String(Substring(rest[..<end])))
            rest = rest[end...]
        }
        return words
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte >= 0x80 || byte == UInt8(ascii: "_")
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
