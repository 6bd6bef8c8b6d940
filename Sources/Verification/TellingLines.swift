/// Collects the telling lines of a log with their context, within a budget of bytes.
struct TellingLines {
    private let budget: Int
    private let normaliser: LineNormaliser

    /// A line kept, with its place in the log.
    private struct Kept {
        let number: Int
        let text: String
    }

    private var number = 0
    /// The last line that was not kept.
    private var before: (number: Int, line: [UInt8])?
    /// Lines that may still follow as context of the last telling one.
    private var contextLeft = 0
    private var first: [Kept] = []
    private var firstBytes = 0
    private var last: [Kept] = []
    private var lastBytes = 0
    private var seen: Set<String> = []
    /// The end of the log, for one in which nothing is telling.
    private var tail: [[UInt8]] = []
    private var tailBytes = 0

    private static let contextAfter = 8
    /// The first errors are what the later ones follow from; the end has the summary.
    private static let shareOfFirst = 0.65

    init(budget: Int, normaliser: LineNormaliser) {
        self.budget = budget
        self.normaliser = normaliser
    }

    mutating func add(_ line: [UInt8], afterGap gap: Bool) {
        number += gap ? 2 : 1
        if gap {
            before = nil
            contextLeft = 0
        }
        rememberTail(line)
        if LinePatterns.isTelling(line) {
            let text = normaliser.normalise(line)
            // Of what is reported again and again, once is enough.
            guard seen.count > 2_000 || seen.insert(text).inserted else {
                contextLeft = 0
                before = nil
                return
            }
            if let before, before.number == number - 1, !LinePatterns.isBlank(before.line) {
                keep(before.number, normaliser.normalise(before.line))
            }
            keep(number, text)
            contextLeft = Self.contextAfter
            before = nil
        } else if contextLeft > 0, LinePatterns.isContext(line) {
            contextLeft -= 1
            keep(number, normaliser.normalise(line))
            before = nil
        } else {
            contextLeft = 0
            before = (number, line)
        }
    }

    private mutating func keep(_ number: Int, _ text: String) {
        let size = text.utf8.count + 1
        if last.isEmpty, firstBytes + size <= Int(Double(budget) * Self.shareOfFirst) {
            first.append(Kept(number: number, text: text))
            firstBytes += size
            return
        }
        last.append(Kept(number: number, text: text))
        lastBytes += size
        while lastBytes > budget - firstBytes - Self.gapBytes * 2, !last.isEmpty {
            lastBytes -= last.removeFirst().text.utf8.count + 1
        }
    }

    private mutating func rememberTail(_ line: [UInt8]) {
        tail.append(line)
        tailBytes += line.count + 1
        // Room for what the normaliser may take away.
        while tailBytes > budget * 2, tail.count > 1 { tailBytes -= tail.removeFirst().count + 1 }
    }

    private static let gap = "…"
    private static let gapBytes = gap.utf8.count + 1

    func text() -> String {
        first.isEmpty && last.isEmpty ? endOfLog() : joined(first + last)
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
