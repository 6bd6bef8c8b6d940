/// The first assertion or error of a failure, with the place in the user's code where it shows.
package struct FailureCause: Sendable, Equatable {
    /// `path:line`; nil where the output names none.
    package var place: String?
    package var message: String

    /// Characters of a message. The digest has all of it.
    private static let longest = 200

    /// - Parameter digest: as `FailureDigest` makes it, with paths relative to the checkout.
    package init?(in digest: String) {
        guard let cause = CauseReader(digest).cause else { return nil }
        self.init(cause)
    }

    private init?(_ cause: CauseReader.Cause) {
        let text = cause.message.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !text.isEmpty else { return nil }
        place = cause.place?.text
        message = text.count > Self.longest ? "\(text.prefix(Self.longest - 1))…" : text
    }

    /// Returns the messages of a digest, in the order of the output.
    /// - Parameter limit: the largest number to return.
    package static func messages(in digest: String, limit: Int) -> [String] {
        CauseReader(digest).found.prefix(limit).compactMap { FailureCause($0)?.message }
    }
}

/// Reads the lines of a digest, and finds the place that belongs to each message.
private struct CauseReader {
    struct Cause {
        var place: CodePlace?
        var message: String
    }

    /// Messages in the order of the output, each with its place if there is one in the user's code.
    private(set) var found: [Cause] = []
    private var name: String?
    /// The innermost own frame above the next message.
    private var earlier: CodePlace?
    private var heading: CodePlace?
    /// The file that a line named by itself.
    private var file: String?
    /// Whether the marked line before this one was a message or a place, which later lines of the block explain.
    private var isExplaining = false
    /// Whether the line before was a heading: of several in a row, the first is the innermost frame.
    private var isInHeadings = false
    /// A place whose message is the next line with text; the outer value is nil where no message is expected.
    private var expected: CodePlace??
    /// An exception whose message is the next line with text.
    private var exception: String?
    /// Whether the last message says what was expected, so that the next line may say what came instead.
    private var wantsActual = false

    init(_ digest: String) {
        for line in digest.split(separator: "\n", omittingEmptySubsequences: false) { take(OutputLine(line), line) }
        if let exception { add(exception, at: nil) }
        // PHPUnit puts the place below the message.
        if let heading, let last = found.indices.last { complete(last, heading) }
    }

    /// The first cause with a place, else the first one.
    var cause: Cause? {
        found.first { $0.place != nil } ?? found.first ?? name.map { Cause(message: $0) }
    }

    mutating func take(_ line: OutputLine, _ text: Substring) {
        defer {
            isExplaining = text.hasPrefix("E  ") && line != .other
            if case .heading = line { isInHeadings = true } else { isInHeadings = false }
        }
        if takeActual(text) { return }
        if let name = exception {
            guard text.contains(where: \.isLetter) else { return }
            exception = nil
            return add("\(name): \(text.drop { $0.isWhitespace })", at: nil)
        }
        if let place = expected {
            guard text.contains(where: { $0.isLetter || $0.isNumber }), !Self.isNumbered(text) else { return }
            expected = nil
            // The line says more than its predecessor: it has a place of its own, or is an exception.
            if case .diagnostic = line { return takeKnown(line) }
            if case .message(let message) = line { return add(message, at: place) }
            if case .exceptionFollows = line { return takeKnown(line) }
            return add(String(text.drop { $0.isWhitespace }), at: place)
        }
        takeKnown(line)
    }

    /// `1) ShapeTest::testArea`, the name of a failed test.
    private static func isNumbered(_ text: Substring) -> Bool {
        let digits = text.prefix { $0.isNumber }
        return !digits.isEmpty && text[digits.endIndex...].hasPrefix(") ")
    }

    private mutating func takeKnown(_ line: OutputLine) {
        switch line {
        case .diagnostic(let place, let message): add(message, at: place)
        case .frame(let place): if place.isOwn, let last = found.indices.last { complete(last, place) }
        case .earlierFrame(let place): if place.isOwn { earlier = place }
        case .heading(let place): if place.isOwn, heading == nil || !isInHeadings { heading = place }
        case .exceptionFollows(let name): exception = name
        case .messageFollows(let place): expected = .some(place)
        case .message(let message): add(message, at: nil)
        case .marked(let message): if !isExplaining { add(message, at: nil) }
        case .file(let path): file = path
        case .inFile(let line, let message): add(message, at: file.map { CodePlace(path: $0, line: line) })
        case .name(let text): if name == nil { name = text }
        case .other: break
        }
    }

    private static let actual = ["got: ", "Actual: ", "actual: "]

    /// `expected: 3` and `got: 4` are one message.
    private mutating func takeActual(_ text: Substring) -> Bool {
        guard wantsActual else { return false }
        let line = text.drop { $0.isWhitespace }
        wantsActual = false
        guard Self.actual.contains(where: { line.hasPrefix($0) }), let last = found.indices.last else { return false }
        found[last].message += ", \(line)"
        return true
    }

    private mutating func add(_ message: String, at place: CodePlace?) {
        wantsActual = message.hasPrefix("expected: ") || message.hasPrefix("Expected: ")
        let own = place.flatMap { $0.isOwn ? $0 : nil } ?? heading ?? earlier
        found.append(Cause(place: own, message: message))
        heading = nil
        earlier = nil
    }

    private mutating func complete(_ index: Int, _ place: CodePlace) {
        if found[index].place == nil { found[index].place = place }
    }
}
