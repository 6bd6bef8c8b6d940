/// A set of bytes.
struct ByteSet: Sendable {
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    init() {}
    init(_ range: ClosedRange<UInt8>) { for byte in range { insert(byte) } }

    mutating func insert(_ byte: UInt8) {
        let bit = UInt64(1) << UInt64(byte & 63)
        switch byte >> 6 {
        case 0: words.0 |= bit
        case 1: words.1 |= bit
        case 2: words.2 |= bit
        default: words.3 |= bit
        }
    }

    mutating func remove(_ byte: UInt8) {
        let bit = ~(UInt64(1) << UInt64(byte & 63))
        switch byte >> 6 {
        case 0: words.0 &= bit
        case 1: words.1 &= bit
        case 2: words.2 &= bit
        default: words.3 &= bit
        }
    }

    func contains(_ byte: UInt8) -> Bool {
        let word =
            switch byte >> 6 {
            case 0: words.0
            case 1: words.1
            case 2: words.2
            default: words.3
            }
        return word >> UInt64(byte & 63) & 1 == 1
    }
}

/// An automaton whose positions each read one byte, with the positions that may follow each of them.
struct GlobAutomaton: Sendable {
    /// The bytes that each position accepts.
    private let reads: [ByteSet]
    /// For each position `width` words, with one bit for each position that may follow.
    private let next: [UInt64]
    private let first: [UInt64]
    private let last: [UInt64]
    private let width: Int
    private let acceptsEmpty: Bool
    /// Bytes at the start and end of every match. They are compared first, since most paths fail there.
    private let prefix: [UInt8]
    private let suffix: [UInt8]

    init(reads: [ByteSet], follow: [[Int]], first: [Int], last: [Int], nullable: Bool, prefix: [UInt8], suffix: [UInt8])
    {
        let width = max(1, (reads.count + 63) / 64)
        func bits(_ positions: [Int]) -> [UInt64] {
            var words = [UInt64](repeating: 0, count: width)
            for position in positions { words[position / 64] |= 1 << UInt64(position % 64) }
            return words
        }
        self.reads = reads
        self.width = width
        self.next = follow.flatMap(bits)
        self.first = bits(first)
        self.last = bits(last)
        self.acceptsEmpty = nullable
        self.prefix = prefix
        self.suffix = suffix
    }

    func matches(_ path: UnsafeBufferPointer<UInt8>) -> Bool {
        guard path.count >= prefix.count, path.count >= suffix.count,
            path.prefix(prefix.count).elementsEqual(prefix), path.suffix(suffix.count).elementsEqual(suffix)
        else { return false }
        if path.isEmpty { return acceptsEmpty }
        return width == 1 ? matchesInOneWord(path) : matchesInWords(path)
    }

    /// Matches a pattern of up to 64 positions, as nearly all are.
    private func matchesInOneWord(_ path: UnsafeBufferPointer<UInt8>) -> Bool {
        reads.withUnsafeBufferPointer { reads in
            next.withUnsafeBufferPointer { next in
                var now = first[0]
                var passed: UInt64 = 0
                for byte in path {
                    (passed, now) = Self.step(from: now, over: byte, reads, next)
                    if passed == 0 { return false }
                }
                return passed & last[0] != 0
            }
        }
    }

    /// Reads one byte.
    ///
    /// - Returns: the positions among `now` that read it, and the positions that may come next.
    @inline(__always)
    private static func step(
        from now: UInt64, over byte: UInt8, _ reads: UnsafeBufferPointer<ByteSet>, _ next: UnsafeBufferPointer<UInt64>
    ) -> (passed: UInt64, after: UInt64) {
        var (left, passed, after) = (now, UInt64(0), UInt64(0))
        while left != 0 {
            let position = left.trailingZeroBitCount
            left &= left &- 1
            guard reads[position].contains(byte) else { continue }
            passed |= 1 << UInt64(position)
            after |= next[position]
        }
        return (passed, after)
    }

    private func matchesInWords(_ path: UnsafeBufferPointer<UInt8>) -> Bool {
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2 * width) { buffer in
            var now = UnsafeMutableBufferPointer(rebasing: buffer[..<width])
            var after = UnsafeMutableBufferPointer(rebasing: buffer[width...])
            _ = now.initialize(from: first)
            after.initialize(repeating: 0)
            var reached = false
            for (index, byte) in path.enumerated() {
                guard step(from: now, to: after, over: byte, reached: &reached, isLast: index == path.count - 1)
                else { return false }
                swap(&now, &after)
            }
            return reached
        }
    }

    /// Reads one byte. `now` contains the positions that may read it.
    ///
    /// - Returns: whether any position could.
    private func step(
        from now: UnsafeMutableBufferPointer<UInt64>, to after: UnsafeMutableBufferPointer<UInt64>, over byte: UInt8,
        reached: inout Bool, isLast: Bool
    ) -> Bool {
        after.update(repeating: 0)
        var any = false
        for word in 0..<width {
            var active = now[word]
            while active != 0 {
                let bit = active.trailingZeroBitCount
                active &= active &- 1
                let position = word * 64 + bit
                guard reads[position].contains(byte) else { continue }
                any = true
                if isLast {
                    if last[word] >> UInt64(bit) & 1 == 1 { reached = true }
                } else {
                    for index in 0..<width { after[index] |= next[position * width + index] }
                }
            }
        }
        return any
    }
}
