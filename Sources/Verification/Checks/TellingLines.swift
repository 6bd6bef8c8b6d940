import Model

/// Collects the error lines of a log with their context, within a budget of bytes.
struct TellingLines {
    private let budget: Int
    private let normaliser: LineNormaliser

    /// A kept line with its number in the log.
    private struct Kept {
        let number: Int
        let text: String
    }

    private var number = 0
    /// The lines before, if they were not kept: the previous one, or a place and what follows it.
    private var before: [(number: Int, line: [UInt8])] = []
    /// An error line with its context so far. `contextLeft` more lines of context may follow.
    private var block: [Kept] = []
    private var contextLeft = 0
    /// Lines of a message that may still follow the line that announced it. A blank line ends it.
    private var announced = 0
    /// Whether the lines belong to a trace of Go, whose functions are not indented. A blank line ends it.
    private var isTrace = false
    private var first: [Kept] = []
    private var firstBytes = 0
    private var last: [Kept] = []
    private var lastBytes = 0
    private var seen: Set<[String]> = []
    /// The end of the log, for a log without error lines.
    private var tail: [[UInt8]] = []
    private var tailBytes = 0

    /// Lines with text. A test runner prints the values, the source and the trace below an assertion.
    private static let contextAfter = 14
    /// Lines from a place to the error that it belongs to: the source line, a mark below it, a blank line.
    private static let longestExcerpt = 8
    private static let longestMessage = 4
    private static let mostRemembered = 2_000
    /// The first errors often cause the later ones; the end has the summary.
    private static let shareOfFirst = 0.65

    init(budget: Int, normaliser: LineNormaliser) {
        self.budget = budget
        self.normaliser = normaliser
    }

    mutating func add(_ line: [UInt8], afterGap gap: Bool) {
        if gap {
            endBlock()
            before = []
            number += 1
        }
        rememberTail(line)
        if LinePatterns.isRuler(line) { return }
        number += 1
        if LinePatterns.isTelling(line) {
            endBlock()
            isTrace = false
            for earlier in before where before.count > 1 || !LinePatterns.isBlank(earlier.line) {
                extend(earlier.line, earlier.number)
            }
            extend(line, number)
            contextLeft = Self.contextAfter
            before = []
            announced = LinePatterns.announcesMessage(line) ? Self.longestMessage : 0
        } else if announced > 0, !LinePatterns.isBlank(line) {
            extend(line, number)
            announced -= 1
        } else if isTrace || LinePatterns.startsTrace(line) {
            extend(line, number)
            isTrace = !line.isEmpty
        } else if contextLeft > 0, LinePatterns.isContext(line) {
            extend(line, number)
            if !LinePatterns.isBlank(line) { contextLeft -= 1 }
        } else {
            announced = 0
            endBlock()
            remember(line)
        }
    }

    /// Keeps a line that may turn out to belong to an error below it.
    private mutating func remember(_ line: [UInt8]) {
        // Places in a row are a trace, as PHPUnit prints it below a message.
        let continues =
            before.first.map { LinePatterns.isPlace($0.line) && before.count < Self.longestExcerpt } ?? false
        let isTrace = before.allSatisfy { LinePatterns.isPlace($0.line) }
        if !continues || LinePatterns.isPlace(line) && !isTrace { before = [] }
        before.append((number, line))
    }

    private mutating func extend(_ line: [UInt8], _ number: Int) {
        block.append(Kept(number: number, text: normaliser.normalise(line)))
    }

    /// Keeps the block, unless an equal one was kept before.
    private mutating func endBlock() {
        contextLeft = 0
        guard !block.isEmpty else { return }
        let key = block.map { String(decoding: TemporaryPaths.replaced(in: Array($0.text.utf8)), as: UTF8.self) }
        if seen.count > Self.mostRemembered || seen.insert(key).inserted {
            for line in block { keep(line) }
        }
        block.removeAll(keepingCapacity: true)
    }

    private mutating func keep(_ line: Kept) {
        let size = line.text.utf8.count + 1
        if last.isEmpty, firstBytes + size <= Int(Double(budget) * Self.shareOfFirst) {
            first.append(line)
            firstBytes += size
            return
        }
        last.append(line)
        lastBytes += size
        while lastBytes > budget - firstBytes - Self.gapBytes * 2, !last.isEmpty {
            lastBytes -= last.removeFirst().text.utf8.count + 1
        }
    }

    private mutating func rememberTail(_ line: [UInt8]) {
        tail.append(line)
        tailBytes += line.count + 1
        // Twice the budget, since normalising may shorten lines.
        while tailBytes > budget * 2, tail.count > 1 { tailBytes -= tail.removeFirst().count + 1 }
    }

    private static let gap = "…"
    private static let gapBytes = gap.utf8.count + 1

    mutating func text() -> String {
        endBlock()
        return first.isEmpty && last.isEmpty ? endOfLog() : joined(first + last)
    }

    private func joined(_ kept: [Kept]) -> String {
        var lines: [String] = []
        var bytes = 0
        var previous = kept.first?.number ?? 0
        for line in kept {
            let jumps = line.number > previous + 1
            let size = line.text.utf8.count + 1 + (jumps ? Self.gapBytes : 0)
            guard bytes + size <= budget else { break }
            if jumps { lines.append(Self.gap) }
            lines.append(line.text)
            bytes += size
            previous = line.number
        }
        while let last = lines.last, last.isEmpty || last == Self.gap { lines.removeLast() }
        return lines.joined(separator: "\n")
    }

    private func endOfLog() -> String {
        var lines: [String] = []
        var bytes = 0
        for line in tail.reversed() {
            let text = normaliser.normalise(line)
            if text.isEmpty, lines.last?.isEmpty ?? true { continue }
            guard bytes + text.utf8.count + 1 <= budget else { break }
            lines.append(text)
            bytes += text.utf8.count + 1
        }
        while lines.last?.isEmpty ?? false { lines.removeLast() }
        return lines.reversed().joined(separator: "\n")
    }
}
