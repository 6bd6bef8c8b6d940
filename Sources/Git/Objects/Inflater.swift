/// Decompresses zlib streams (RFC 1950 and 1951) whose decompressed size is known, as it is for the objects of a pack.
///
/// It reads a whole stream in memory. That is about three times as fast as a decompressor that can stop at any byte, and
/// decompressing is most of the work of a first graph. An inflater belongs to one thread.
///
/// A step of the main loop checks the bounds once. It then goes beyond them by less than `slack`, so both buffers must have that
/// many bytes to spare.
final class Inflater {
    /// Bytes behind the input that may be read, and behind the output that may be written.
    static let slack = 320

    private let literals = PrefixTable(rootBits: 10, capacity: 6144)
    private let distances = PrefixTable(rootBits: 8, capacity: 2560)
    private let lengths = PrefixTable(rootBits: 7, capacity: 128)
    /// Lengths of the codes of a block: up to 288 literals and lengths, then up to 32 distances.
    private let codes: UnsafeMutablePointer<UInt8> = .allocate(capacity: 320)
    /// Whether the tables are those of blocks with fixed codes.
    private var isFixed = false

    deinit { codes.deallocate() }

    /// Fills the output with the decompressed stream.
    ///
    /// - Parameters:
    ///   - input: starts with the stream. More may follow it.
    ///   - output: as large as the decompressed stream.
    /// - Returns: whether the input holds a whole stream of that size with the right checksum.
    func inflate(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<UInt8>) -> Bool {
        guard input.count > 6, let first = input.baseAddress, let start = output.baseAddress,
            input[0] & 15 == 8, (Int(input[0]) << 8 | Int(input[1])) % 31 == 0, input[1] & 0x20 == 0
        else { return false }
        var stream = Stream(
            next: first.assumingMemoryBound(to: UInt8.self) + 2,
            end: first.assumingMemoryBound(to: UInt8.self) + input.count, start: start, place: start,
            limit: start + output.count)
        while true {
            stream.refill()
            let isLast = stream.take(1) == 1
            let isRead: Bool
            switch stream.take(2) {
            case 0: isRead = stream.copyStored()
            case 1: isRead = useFixedCodes() && decode(&stream)
            case 2: isRead = readCodes(&stream) && decode(&stream)
            default: isRead = false
            }
            guard isRead else { return false }
            if isLast { break }
        }
        let rest = stream.position
        guard stream.place == stream.limit, stream.end - rest >= 4 else { return false }
        let checksum = UnsafeRawPointer(rest).loadUnaligned(as: UInt32.self)
        return UInt32(bigEndian: checksum) == adler32(UnsafeBufferPointer(output))
    }

    private func useFixedCodes() -> Bool {
        if isFixed { return true }
        for symbol in 0..<288 { codes[symbol] = symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8 }
        for symbol in 288..<320 { codes[symbol] = 5 }
        isFixed =
            literals.build(codes, count: 288, PrefixTable.literalSymbols)
            && distances.build(codes + 288, count: 32, PrefixTable.distanceSymbols)
        return isFixed
    }

    /// In which order a block lists the lengths of the codes for lengths.
    private static let order: StaticString =
        "\u{10}\u{11}\u{12}\u{0}\u{8}\u{7}\u{9}\u{6}\u{A}\u{5}\u{B}\u{4}\u{C}\u{3}\u{D}\u{2}\u{E}\u{1}\u{F}"

    /// Reads the codes at the start of a block.
    private func readCodes(_ stream: inout Stream) -> Bool {
        isFixed = false
        let literalCount = Int(stream.take(5)) + 257
        let distanceCount = Int(stream.take(5)) + 1
        let lengthCount = Int(stream.take(4)) + 4
        guard literalCount <= 286 else { return false }
        for place in 0..<19 { codes[place] = 0 }
        for place in 0..<lengthCount {
            stream.refill()
            codes[Int(Self.order.utf8Start[place])] = UInt8(stream.take(3))
        }
        guard lengths.build(codes, count: 19, PrefixTable.plainSymbols) else { return false }
        let total = literalCount + distanceCount
        var count = 0
        while count < total {
            guard stream.hasInput else { return false }
            stream.refill()
            let entry = lengths.entries[Int(stream.word & lengths.mask)]
            guard entry & PrefixTable.special == 0 else { return false }
            _ = stream.take(UInt64(entry & 0xFF))
            let symbol = entry >> 16
            if symbol < 16 {
                codes[count] = UInt8(symbol)
                count += 1
                continue
            }
            guard symbol != 16 || count > 0 else { return false }
            let value = symbol == 16 ? codes[count - 1] : 0
            let more = symbol == 16 ? 3 + stream.take(2) : symbol == 17 ? 3 + stream.take(3) : 11 + stream.take(7)
            guard count + Int(more) <= total else { return false }
            for _ in 0..<more {
                codes[count] = value
                count += 1
            }
        }
        return codes[256] != 0 && literals.build(codes, count: literalCount, PrefixTable.literalSymbols)
            && distances.build(codes + literalCount, count: distanceCount, PrefixTable.distanceSymbols)
    }

    /// Decodes a block up to its end.
    private func decode(_ shared: inout Stream) -> Bool {
        // A copy, so that its parts stay in registers.
        var stream = shared
        let table = literals.entries
        let mask = literals.mask
        while stream.hasInput, stream.place <= stream.limit {
            stream.refill()
            var entry = stream.putLiterals(table, mask)
            if entry & PrefixTable.second != 0 { entry = literals.second(entry, stream.word) }
            if entry & PrefixTable.literal != 0 {
                stream.put(entry)
                continue
            }
            if entry & PrefixTable.special != 0 {
                stream.skip(entry)
                shared = stream
                return entry >> 16 == 0
            }
            let length = stream.value(entry)
            entry = distances.entries[Int(stream.word & distances.mask)]
            if entry & PrefixTable.second != 0 { entry = distances.second(entry, stream.word) }
            guard entry & PrefixTable.special == 0, stream.copy(length, distance: stream.value(entry)) else {
                return false
            }
        }
        return false
    }
}

/// The bits of a stream that is being decompressed, and its output so far.
private struct Stream {
    var next: UnsafePointer<UInt8>
    let end: UnsafePointer<UInt8>
    let start: UnsafeMutablePointer<UInt8>
    var place: UnsafeMutablePointer<UInt8>
    let limit: UnsafeMutablePointer<UInt8>
    /// The next bits, the first of them lowest.
    var word: UInt64 = 0
    /// How many bits of `word` are valid.
    var count: UInt64 = 0

    /// Whether bits of the input are left. At its end, up to 8 bytes more have been read ahead.
    @inline(__always)
    var hasInput: Bool { next <= end + 8 }

    /// Makes at least 56 bits valid.
    @inline(__always)
    mutating func refill() {
        word |= UInt64(littleEndian: UnsafeRawPointer(next).loadUnaligned(as: UInt64.self)) &<< count
        next += Int((63 &- count) &>> 3)
        count |= 56
    }

    @inline(__always)
    mutating func take(_ bits: UInt64) -> UInt64 {
        let value = word & ((1 &<< bits) &- 1)
        word &>>= bits
        count &-= bits
        return value
    }

    @inline(__always)
    mutating func skip(_ entry: UInt32) {
        word &>>= UInt64(entry & 0xFF)
        count &-= UInt64(entry & 0xFF)
    }

    @inline(__always)
    mutating func put(_ entry: UInt32) {
        skip(entry)
        place.pointee = UInt8(truncatingIfNeeded: entry &>> 16)
        place += 1
    }

    /// Puts up to two literals, which are most of what there is, and looks the next code up.
    @inline(__always)
    mutating func putLiterals(_ table: UnsafeMutablePointer<UInt32>, _ mask: UInt64) -> UInt32 {
        var entry = table[Int(word & mask)]
        guard entry & PrefixTable.literal != 0 else { return entry }
        put(entry)
        entry = table[Int(word & mask)]
        if entry & PrefixTable.literal != 0 {
            put(entry)
            entry = table[Int(word & mask)]
        }
        refill()
        return entry
    }

    /// The length or distance that starts with a code.
    @inline(__always)
    mutating func value(_ entry: UInt32) -> Int {
        skip(entry)
        return Int(entry &>> 16) &+ Int(take(UInt64(entry &>> 8 & 31)))
    }

    /// Repeats earlier output. May write up to 7 bytes more.
    @inline(__always)
    mutating func copy(_ length: Int, distance: Int) -> Bool {
        guard distance <= place - start else { return false }
        var from = UnsafePointer(place - distance)
        let stop = place + length
        if distance >= 8 {
            repeat {
                let eight = UnsafeRawPointer(from).loadUnaligned(as: UInt64.self)
                UnsafeMutableRawPointer(place).storeBytes(of: eight, as: UInt64.self)
                place += 8
                from += 8
            } while place < stop
        } else {
            repeat {
                place.pointee = from.pointee
                place += 1
                from += 1
            } while place < stop
        }
        place = stop
        return true
    }

    /// The first byte of which no bit has been taken.
    var position: UnsafePointer<UInt8> { next - Int(count &>> 3) }

    /// Copies a block that is not compressed.
    mutating func copyStored() -> Bool {
        let from = position
        guard end - from >= 4 else { return false }
        let size = Int(from[0]) | Int(from[1]) << 8
        guard size ^ 0xFFFF == Int(from[2]) | Int(from[3]) << 8, end - from >= 4 + size, limit - place >= size else {
            return false
        }
        place.update(from: from + 4, count: size)
        place += size
        next = from + 4 + size
        word = 0
        count = 0
        return true
    }
}

/// A table that finds the meaning of the next bits: a prefix code of DEFLATE. Codes that are longer than the index of the table
/// are found in a second step.
///
/// An entry has, from the lowest bit on: 8 bits for the length of the code, 5 bits for the number of extra bits behind it, the
/// three flags, and 16 bits for a literal, for the base of a length or distance, or for the place of a second table.
private final class PrefixTable {
    static let literal: UInt32 = 1 << 13
    /// The code is longer. The number of extra bits is the size of the index of the second table.
    static let second: UInt32 = 1 << 14
    /// The end of the block, or with a value other than 0 a code without a meaning.
    static let special: UInt32 = 1 << 15
    private static let unused = special | 1 << 16

    let entries: UnsafeMutablePointer<UInt32>
    private(set) var mask: UInt64 = 0
    private var bits: UInt64 = 0
    private let rootBits: Int
    private let capacity: Int
    /// Symbols by length of their code, and two numbers for each length.
    private let sorted: UnsafeMutablePointer<UInt16> = .allocate(capacity: 320)
    private let counts: UnsafeMutablePointer<Int> = .allocate(capacity: 16)
    private let starts: UnsafeMutablePointer<Int> = .allocate(capacity: 16)

    /// - Parameter capacity: a second table has at least 2 codes, so it suffices for one of the largest size for each pair.
    init(rootBits: Int, capacity: Int) {
        self.rootBits = rootBits
        self.capacity = capacity
        entries = .allocate(capacity: capacity)
        entries.initialize(repeating: Self.unused, count: capacity)
    }

    deinit {
        entries.deallocate()
        sorted.deallocate()
        counts.deallocate()
        starts.deallocate()
    }

    @inline(__always)
    func second(_ entry: UInt32, _ word: UInt64) -> UInt32 {
        let index = word &>> bits & ((1 &<< UInt64(entry &>> 8 & 31)) &- 1)
        return entries[Int(entry &>> 16) &+ Int(index)]
    }

    /// Fills the table.
    /// - Parameters:
    ///   - lengths: the length of each symbol's code, 0 for an unused symbol.
    ///   - symbols: the entry of each symbol, without the length of its code.
    /// - Returns: whether the codes fill the code space and no more. A single code of one bit is allowed, and none.
    func build(_ lengths: UnsafePointer<UInt8>, count: Int, _ symbols: Symbols) -> Bool {
        let (entries, sorted, counts, starts) = (entries, sorted, counts, starts)
        counts.update(repeating: 0, count: 16)
        for symbol in 0..<count { counts[Int(lengths[symbol])] &+= 1 }
        var longest = 15
        while longest > 0, counts[longest] == 0 { longest &-= 1 }
        // Unused symbols are sorted to the front.
        starts[0] = 0
        var next = counts[0]
        var left = 1
        for length in 1...15 {
            starts[length] = next
            next &+= counts[length]
            left = left << 1 &- counts[length]
            guard left >= 0 else { return false }
        }
        guard left == 0 || longest <= 1 else { return false }
        for symbol in 0..<count {
            let length = Int(lengths[symbol])
            sorted[starts[length]] = UInt16(truncatingIfNeeded: symbol)
            starts[length] &+= 1
        }
        let root = max(1, min(rootBits, longest))
        bits = UInt64(root)
        mask = 1 << bits - 1
        let used = UnsafePointer(sorted + counts[0])
        if left > 0 {
            entries[0] = longest == 1 ? symbols.entries[Int(used[0])] | 1 : Self.unused
            entries[1] = Self.unused
            return true
        }
        return fill(used, root: root, longest: longest, UnsafePointer(symbols.entries))
    }

    private func fill(
        _ used: UnsafePointer<UInt16>, root: Int, longest: Int, _ symbols: UnsafePointer<UInt32>
    ) -> Bool {
        let (entries, counts) = (entries, counts)
        var used = used
        var code = 0
        for length in 1...root {
            for _ in 0..<counts[length] {
                entries[code] = symbols[Int(used.pointee)] | UInt32(truncatingIfNeeded: length)
                used += 1
                code = Self.successor(code, length)
            }
            // Shorter codes appear again in each half of the table for longer ones.
            if length < root { (entries + 1 << length).update(from: entries, count: 1 << length) }
        }
        var end = 1 << root
        var current = -1
        var size = 0
        var start = 0
        for length in root + 1..<max(root + 1, longest + 1) {
            for done in 0..<counts[length] {
                if code & ((1 << root) - 1) != current {
                    current = code & ((1 << root) - 1)
                    size = indexBits(from: length, left: counts[length] - done, root, longest)
                    start = end
                    end += 1 << size
                    guard end <= capacity else { return false }
                    entries[current] = Self.second | UInt32(size) << 8 | UInt32(start) << 16
                }
                let entry = symbols[Int(used.pointee)] | UInt32(truncatingIfNeeded: length)
                used += 1
                for place in stride(from: code >> root, to: 1 << size, by: 1 << (length - root)) {
                    entries[start + place] = entry
                }
                code = Self.successor(code, length)
            }
        }
        return true
    }

    /// The number of bits of the index of a second table whose first code has a length: until its codes fill it.
    private func indexBits(from first: Int, left: Int, _ root: Int, _ longest: Int) -> Int {
        var length = first
        var room = 1 << (first - root) - left
        while room > 0, length < longest {
            length += 1
            room = room << 1 - counts[length]
        }
        return length - root
    }

    /// The next code of a length. The first bit of a code is the lowest.
    @inline(__always)
    private static func successor(_ code: Int, _ length: Int) -> Int {
        var bit = 1 << (length - 1)
        while code & bit != 0 { bit >>= 1 }
        return bit == 0 ? 0 : code & (bit - 1) | bit
    }

    static let plainSymbols = Symbols((0..<19).map { UInt32($0) << 16 })

    static let literalSymbols = Symbols(
        (0..<256).map { literal | UInt32($0) << 16 } + [special] + ranges(count: 28, first: 3, doubling: 4)
            + [UInt32(258) << 16, unused, unused])

    static let distanceSymbols = Symbols(ranges(count: 30, first: 1, doubling: 2) + [unused, unused])

    /// Symbols for ranges that follow each other. The number of extra bits grows by one after each `doubling` symbols, first
    /// after twice as many.
    private static func ranges(count: Int, first: Int, doubling: Int) -> [UInt32] {
        var base = first
        return (0..<count).map { symbol in
            let extra = max(0, symbol / doubling - 1)
            defer { base += 1 << extra }
            return UInt32(base) << 16 | UInt32(extra) << 8
        }
    }

    /// The entry of each symbol, without the length of its code. Never freed.
    // Written in `init` and only read afterwards.
    struct Symbols: @unchecked Sendable {
        let entries: UnsafeMutablePointer<UInt32>

        init(_ list: [UInt32]) {
            entries = .allocate(capacity: list.count)
            entries.initialize(from: list, count: list.count)
        }
    }
}

/// The checksum at the end of a zlib stream.
func adler32(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
    guard let base = bytes.baseAddress else { return 1 }
    var low: UInt32 = 1
    var high: UInt32 = 0
    var offset = 0
    while offset < bytes.count {
        // Within so many bytes no sum exceeds 32 bits.
        let stop = min(bytes.count, offset + 5552)
        while offset &+ 16 <= stop {
            let values = SIMD16<UInt16>(
                truncatingIfNeeded: UnsafeRawPointer(base + offset).loadUnaligned(as: SIMD16<UInt8>.self))
            high &+= 16 &* low &+ UInt32((values &* weights).wrappedSum())
            low &+= UInt32(values.wrappedSum())
            offset &+= 16
        }
        while offset < stop {
            low &+= UInt32(base[offset])
            high &+= low
            offset &+= 1
        }
        low %= 65521
        high %= 65521
    }
    return high << 16 | low
}

private let weights = SIMD16<UInt16>(16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1)
