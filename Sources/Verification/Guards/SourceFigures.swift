import DependencyGraph
import Model

/// The figures of a source file that guards need, read in one pass.
struct SourceFigures: Sendable {
    private(set) var hasCode = false
    /// Comments and attributes that silence a checker.
    private(set) var suppressions: [LineMark] = []
    private(set) var placeholders: [LineMark] = []
    /// Calls and attributes that skip tests; empty if the file has no tests.
    private(set) var skips: [LineMark] = []
    private(set) var tests: [TestFunction] = []
    /// Number of assertions in the whole file, helpers included; 0 for a file that is not about tests.
    private(set) var assertions = 0

    /// - Returns: nil if the language is not known.
    init?(_ bytes: [UInt8], path: String) {
        let read = SourceParts.read(bytes, path: path) { Self(parts: $0, isTestPath: TestPath.matches(path)) }
        guard let read else { return nil }
        self = read
    }

    private init(parts: SourceParts, isTestPath: Bool) {
        let tokens = parts.tokens
        hasCode = (0..<tokens.count).contains { tokens[$0].kind != .newline && tokens[$0].kind != .comment }
        let lines = LineText(tokens.bytes)
        let rules = parts.language.suppressions
        for comment in parts.comments {
            let text = CommentText(bytes: tokens.bytes, comment, cutsAtHash: parts.language.hasHashComments)
            for piece in text.pieces {
                if let group = rules.group(of: piece.normal) {
                    suppressions.append(lines.mark(group.rawValue, piece.line, at: piece.start))
                } else if PlaceholderText.matches(piece.text) {
                    placeholders.append(lines.mark("placeholder", piece.line, at: piece.start))
                }
            }
        }
        for place in 0..<tokens.count {
            if let group = rules.group(of: tokens, at: place) {
                suppressions.append(lines.mark(group.rawValue, Int(tokens[place].line), at: Int(tokens[place].start)))
            }
        }
        guard let dialect = parts.language.tests else { return }
        var reader = TestReader(tokens: tokens, dialect: dialect, isTestPath: isTestPath)
        reader.run()
        tests = reader.tests
        assertions = reader.assertions
        guard !tests.isEmpty else { return }
        skips = reader.skips.map { lines.mark("skip", Int(tokens[$0].line), at: Int(tokens[$0].start)) }
    }
}

/// The lines of a file as text, for marks.
struct LineText {
    private let bytes: UnsafeBufferPointer<UInt8>
    /// Maximum length of a line's text in bytes.
    private static let kept = 160

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// Returns the mark of a line.
    ///
    /// - Parameter offset: of a byte in the line.
    func mark(_ group: String, _ line: Int, at offset: Int) -> LineMark {
        var start = offset
        while start > 0, bytes[start - 1] != 0x0A, offset - start < Self.kept { start -= 1 }
        var end = offset
        while end < bytes.count, bytes[end] != 0x0A, end - offset < Self.kept { end += 1 }
        while start < end, bytes[start] <= 0x20 { start += 1 }
        while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
        return LineMark(group: group, line: line, text: String(decoding: bytes[start..<end], as: UTF8.self))
    }
}

/// A comment, split where another comment may start inside it.
struct CommentText {
    struct Piece {
        var line: Int
        /// Offset of the first byte in the file.
        var start: Int
        /// Without the marks and blanks around it.
        var text: String
        /// In lower case, with single spaces and no spaces around colons.
        var normal: String
    }

    private(set) var pieces: [Piece] = []
    /// Maximum number of pieces of one comment, and of bytes of each piece.
    private static let limit = (pieces: 400, bytes: 300)

    init(bytes: UnsafeBufferPointer<UInt8>, _ comment: SourceParts.Comment, cutsAtHash: Bool) {
        var line = comment.line
        var start = comment.start
        var at = comment.start
        while at < comment.end, pieces.count < Self.limit.pieces {
            let byte = bytes[at]
            let isSlashes =
                byte == UInt8(ascii: "/") && at > start && at + 1 < comment.end
                && bytes[at + 1] == byte && bytes[at - 1] <= 0x20
            if byte == 0x0A || isSlashes || (cutsAtHash && byte == UInt8(ascii: "#") && at > start) {
                add(bytes, start..<at, line: line)
                start = at + (byte == 0x0A ? 1 : 0)
                if byte == 0x0A { line += 1 }
            }
            at += 1
        }
        add(bytes, start..<max(start, comment.end), line: line)
    }

    private mutating func add(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, line: Int) {
        let marks = Set("#/*!;-<>".utf8)
        var start = range.lowerBound
        var end = min(range.upperBound, start + Self.limit.bytes)
        while start < end, bytes[start] <= 0x20 || marks.contains(bytes[start]) { start += 1 }
        while end > start, bytes[end - 1] <= 0x20 || marks.contains(bytes[end - 1]) { end -= 1 }
        guard start < end else { return }
        let text = String(decoding: bytes[start..<end], as: UTF8.self)
        pieces.append(Piece(line: line, start: start, text: text, normal: Self.normal(bytes[start..<end])))
    }

    private static func normal(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for byte in bytes {
            switch byte {
            case ...0x20:
                if let last = result.last, last != 0x20, last != UInt8(ascii: ":") { result.append(0x20) }
            case UInt8(ascii: ":"):
                if result.last == 0x20 { result.removeLast() }
                result.append(byte)
            case 0x41...0x5A: result.append(byte | 0x20)
            default: result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
