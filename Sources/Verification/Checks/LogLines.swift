import Jobs

/// Splits a log into lines as a terminal would finally show them.
enum LogLines {
    /// Bytes. Longer lines (minified sources, binary data) are cut, since the start describes a failure.
    private static let longestLine = 600

    /// Reads the start and the end of a file.
    ///
    /// - Parameters:
    ///   - window: bytes to read from each end.
    ///   - longest: bytes of a line that are passed on.
    ///   - body: is given each line, and whether something was skipped before it.
    static func read(
        _ path: String, window: Int, longest: Int = longestLine, _ body: (_ line: [UInt8], _ gap: Bool) -> Void
    ) throws(JobsError) {
        guard let file = try UntrustedFile.Reader(path) else { return }
        let head = 0..<min(window, file.size)
        let tail = max(head.upperBound, file.size - window)..<file.size
        var gap = false
        for range in [head, tail] where !range.isEmpty {
            var rest: [UInt8] = []
            var position = range.lowerBound
            while position < range.upperBound {
                let chunk = try file.read(at: position, count: min(chunkSize, range.upperBound - position))
                guard !chunk.isEmpty else { break }
                position += chunk.count
                var start = 0
                while let end = chunk[start...].firstIndex(of: UInt8(ascii: "\n")) {
                    rest += chunk[start..<min(end, start + longestRawLine)]
                    body(clean(rest, longest), gap)
                    gap = false
                    rest.removeAll(keepingCapacity: true)
                    start = end + 1
                }
                // Of a line without an end, keeps the last part, which has the final state of a progress bar.
                rest += chunk[start...].suffix(longestRawLine)
                if rest.count > longestRawLine { rest.removeFirst(rest.count - longestRawLine) }
            }
            if !rest.isEmpty { body(clean(rest, longest), gap) }
            gap = tail.lowerBound > head.upperBound
        }
    }

    private static let chunkSize = 1 << 16

    /// Bytes of one line that are kept until it is cleaned. A progress bar redraws itself in one line.
    private static let longestRawLine = 1 << 16

    /// Returns a line without control sequences, and without what a carriage return overwrites.
    static func clean(_ line: [UInt8], _ longest: Int = longestLine) -> [UInt8] {
        var bytes = line[...]
        while bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        if let last = bytes.lastIndex(of: UInt8(ascii: "\r")) { bytes = bytes[(last + 1)...] }
        if bytes.contains(0x1B) || bytes.contains(where: { $0 < 0x20 && $0 != 0x09 }) { bytes = plain(bytes)[...] }
        return Array(bytes.prefix(longest))
    }

    /// Removes escape sequences (ECMA-48: CSI, OSC and two-byte ones) and other control characters but tabs.
    private static func plain(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            index += 1
            guard byte == 0x1B else {
                if byte >= 0x20 || byte == 0x09 { result.append(byte) }
                continue
            }
            guard index < bytes.endIndex else { break }
            let kind = bytes[index]
            index += 1
            switch kind {
            case UInt8(ascii: "["):
                while index < bytes.endIndex, !(0x40...0x7E).contains(bytes[index]) { index += 1 }
                index += 1
            case UInt8(ascii: "]"):
                while index < bytes.endIndex, bytes[index] != 0x07, bytes[index] != 0x1B { index += 1 }
                if index < bytes.endIndex, bytes[index] == 0x1B { index += 1 }
                index += 1
            default: break
            }
        }
        return result
    }
}
