#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Reads lines of a limited length from a file descriptor.
package struct LineReader {
    package enum Line: Sendable, Equatable {
        case bytes([UInt8])
        /// A line longer than the limit. It was skipped.
        case tooLong
    }

    private let descriptor: Int32
    private let limit: Int
    private var buffer: [UInt8] = []
    private var start = 0
    private var line: [UInt8] = []
    private var isTooLong = false
    private var isAtEnd = false

    package init(_ descriptor: Int32, limit: Int) {
        self.descriptor = descriptor
        self.limit = limit
    }

    /// Returns the next nonempty line without its newline; nil at the end. Blocks.
    package mutating func next() -> Line? {
        while true {
            if let end = buffer[start...].firstIndex(of: 0x0A) {
                take(start..<end)
                start = end + 1
                if let finished = finish() { return finished }
                continue
            }
            take(start..<buffer.count)
            start = 0
            buffer.removeAll(keepingCapacity: true)
            if isAtEnd { return finish() }
            fill()
        }
    }

    private mutating func take(_ range: Range<Int>) {
        if line.count + range.count > limit { (isTooLong, line) = (true, []) }
        if !isTooLong { line += buffer[range] }
    }

    private mutating func finish() -> Line? {
        defer { (line, isTooLong) = ([], false) }
        if isTooLong { return .tooLong }
        if line.last == 0x0D { line.removeLast() }
        return line.isEmpty ? nil : .bytes(line)
    }

    private mutating func fill() {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            isAtEnd = count <= 0
            if count > 0 { buffer = Array(chunk[..<count]) }
            return
        }
    }
}
