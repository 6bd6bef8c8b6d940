/// Replaces what differs between two runs of the same thing.
struct LineNormaliser: Sendable {
    /// Paths with what is shown instead, the longest first.
    private let folders: [(path: [UInt8], name: [UInt8])]

    private static let temporary = ["/tmp/", "/var/tmp/", "/private/tmp/", "/var/folders/", "/dev/shm/"].map {
        Array($0.utf8)
    }
    private static let units = ["s", "ms", "us", "µs", "ns", "sec", "secs", "second", "seconds"].map { Array($0.utf8) }

    /// As Node's test runner has it in TAP, with the unit in the name.
    private static let durationName = Array("duration_ms".utf8)

    init(checkout: String?, folders: [(path: String, name: String)]) {
        var all = folders
        if let checkout { all.append((checkout, "")) }
        self.folders = all.map { (Array($0.path.utf8), Array($0.name.utf8)) }.filter { $0.path.count > 1 }
            .sorted { $0.path.count > $1.path.count }
    }

    func normalise(_ line: [UInt8]) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(line.count)
        var index = 0
        while index < line.count {
            let atStart = index == 0 || !Self.isNamePart(line[index - 1])
            if line[index] == UInt8(ascii: "/"), let next = replacePath(line, index, atStart, &result) {
                index = next
            } else if atStart, Self.isDigit(line[index]), let next = Self.replaceNumber(line, index, &result) {
                index = next
            } else {
                result.append(line[index])
                index += 1
            }
        }
        while result.last == 0x20 || result.last == 0x09 { result.removeLast() }
        return String(decoding: result, as: UTF8.self)
    }

    private func replacePath(_ line: [UInt8], _ index: Int, _ atStart: Bool, _ result: inout [UInt8]) -> Int? {
        let rest = line[index...]
        for folder in folders where rest.starts(with: folder.path) {
            let end = index + folder.path.count
            guard end == line.count || !Self.isNamePart(line[end]) else { continue }
            if folder.name.isEmpty, end < line.count, line[end] == UInt8(ascii: "/") { return end + 1 }
            result += folder.name.isEmpty ? [UInt8(ascii: ".")] : folder.name
            return end
        }
        guard atStart, Self.temporary.contains(where: { rest.starts(with: $0) }) else { return nil }
        // The directories have random names; the file's own name may say something, unless it stands alone.
        let end = rest.firstIndex { !Self.isNamePart($0) && $0 != UInt8(ascii: "/") } ?? line.count
        let parts = line[index..<end].split(separator: UInt8(ascii: "/"))
        result += Array("<tmp>".utf8)
        if parts.count > 2, let name = parts.last { result += [UInt8(ascii: "/")] + name }
        return end
    }

    /// Replaces durations, times of day, dates, addresses and the port of a local address.
    private static func replaceNumber(_ line: [UInt8], _ index: Int, _ result: inout [UInt8]) -> Int? {
        if line[index...].starts(with: [UInt8(ascii: "0"), UInt8(ascii: "x")]) {
            let end = line[(index + 2)...].firstIndex { !isHexDigit($0) } ?? line.count
            guard end - index > 5 else { return nil }
            result += Array("0x…".utf8)
            return end
        }
        let end = line[index...].firstIndex { !isDigit($0) && $0 != UInt8(ascii: ".") } ?? line.count
        let name = result.lastIndex { $0 != 0x20 && $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: "=") } ?? 0
        if result.prefix(name + 1).suffix(durationName.count).elementsEqual(durationName) {
            result.append(UInt8(ascii: "#"))
            return end
        }
        if let time = endOfTime(line, index) {
            result += Array("<time>".utf8)
            return time
        }
        if line[index..<end].elementsEqual(Array("127.0.0.1".utf8)), end < line.count, line[end] == UInt8(ascii: ":") {
            result += Array("127.0.0.1:#".utf8)
            return line[(end + 1)...].firstIndex { !isDigit($0) } ?? line.count
        }
        var unit = end
        if unit < line.count, line[unit] == 0x20 { unit += 1 }
        let unitEnd = line[min(unit, line.count)...].firstIndex { !isLetter($0) && $0 < 0x80 } ?? line.count
        guard units.contains(where: { $0.elementsEqual(line[unit..<unitEnd]) }) else { return nil }
        result += Array("# ".utf8) + line[unit..<unitEnd]
        return unitEnd
    }

    /// The end of `12:34`, `12:34:56.789`, `2026-01-02` or `2026-01-02T12:34:56Z`, if one starts here.
    ///
    /// `12:34` alone is no time: it is rather a line and a column.
    private static func endOfTime(_ line: [UInt8], _ index: Int) -> Int? {
        var position = index
        if let date = matchShape("dddd-dd-dd", line, position) {
            position = date
            guard position < line.count, line[position] == UInt8(ascii: "T") || line[position] == 0x20,
                matchShape("dd:dd:dd", line, position + 1) != nil
            else { return position }
            position += 1
        }
        guard let time = matchShape("dd:dd:dd", line, position) else { return nil }
        position = time
        if position < line.count, line[position] == UInt8(ascii: ".") || line[position] == UInt8(ascii: ",") {
            position += 1
        }
        while position < line.count, isDigit(line[position]) { position += 1 }
        if position < line.count, line[position] == UInt8(ascii: "Z") { position += 1 }
        return position
    }

    /// The index after the shape, in which a `d` stands for a digit.
    private static func matchShape(_ shape: String, _ line: [UInt8], _ index: Int) -> Int? {
        var position = index
        for byte in shape.utf8 {
            guard position < line.count, byte == UInt8(ascii: "d") ? isDigit(line[position]) : line[position] == byte
            else { return nil }
            position += 1
        }
        return position == line.count || !isDigit(line[position]) ? position : nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
    private static func isHexDigit(_ byte: UInt8) -> Bool { isDigit(byte) || (0x61...0x66).contains(byte | 0x20) }
    private static func isNamePart(_ byte: UInt8) -> Bool {
        isDigit(byte) || isLetter(byte) || byte >= 0x80 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "+")
    }
}
