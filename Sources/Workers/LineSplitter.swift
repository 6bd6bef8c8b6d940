/// Splits bytes into lines of a limited length.
package struct LineSplitter: Sendable {
    private var rest: [UInt8] = []
    private var isDropping = false
    private let limit: Int
    /// Number of lines that were too long and were dropped.
    package private(set) var dropped = 0

    /// Maximum bytes of a line. The trajectory of a long conversation is one line.
    package static let longestLine = 16 << 20

    /// - Parameter limit: maximum bytes of a line.
    package init(limit: Int = LineSplitter.longestLine) { self.limit = limit }

    /// Adds bytes and returns the lines that are complete, without their newlines.
    package mutating func take(_ bytes: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var start = 0
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            add(bytes[start..<end])
            finish(&lines)
            start = end + 1
        }
        add(bytes[start...])
        return lines
    }

    /// Returns a last line without a newline.
    package mutating func end() -> [[UInt8]] {
        var lines: [[UInt8]] = []
        if !rest.isEmpty || isDropping { finish(&lines) }
        return lines
    }

    private mutating func add(_ bytes: ArraySlice<UInt8>) {
        guard !isDropping else { return }
        if rest.count + bytes.count > limit {
            isDropping = true
            rest = []
        } else {
            rest += bytes
        }
    }

    private mutating func finish(_ lines: inout [[UInt8]]) {
        if isDropping {
            dropped += 1
        } else {
            if rest.last == UInt8(ascii: "\r") { rest.removeLast() }
            if !rest.isEmpty { lines.append(rest) }
        }
        isDropping = false
        rest = []
    }
}
