extension LineNormaliser {
    private static let units = [
        "s", "ms", "us", "µs", "ns", "sec", "secs", "second", "seconds", "min", "mins", "minute", "minutes",
    ].map { Array($0.utf8) }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ].map { Array($0.utf8) }
    private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].map { Array($0.utf8) }

    /// Words after which a number is specific to one run, with the least number of digits it must have: `process 4711` is,
    /// `2 processes` is not. `duration_ms` is how Node's test runner writes durations in TAP.
    private static let names: [(word: [UInt8], digits: Int)] = [
        ("duration_ms", 1), ("seed", 1), ("pid", 1), ("tid", 1), ("goroutine", 1), ("shuffle", 3), ("process", 2),
        ("thread", 2), ("port", 4),
    ].map { (Array($0.0.utf8), $0.1) }

    private static let hosts = ["127.0.0.1", "0.0.0.0", "localhost", "[::1]"].map { Array($0.utf8) }

    /// Replaces what is specific to one run: times, durations, addresses, ports, seeds, process numbers.
    ///
    /// - Parameters:
    ///   - index: the start of a word or a number.
    ///   - result: the normalised text before it, to which the replacement is appended.
    /// - Returns: the index after the replaced text; nil if there is nothing to replace.
    static func replaceStamp(_ line: [UInt8], at index: Int, into result: inout [UInt8]) -> Int? {
        let byte = line[index]
        if byte == UInt8(ascii: "@") || byte == UInt8(ascii: "[") || isLetter(byte) || isDigit(byte) {
            if let host = hosts.first(where: { line[index...].starts(with: $0) }),
                let end = endOfPort(line, index + host.count)
            {
                result += host + Array(":#".utf8)
                return end
            }
        }
        if isHexDigit(byte), let end = matchShape("hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh", line, at: index) {
            result += Array("<uuid>".utf8)
            return end
        }
        if isDigit(byte) { return replaceNumber(line, at: index, into: &result) }
        if months.contains(where: { line[index...].starts(with: $0) }) {
            return replaceDate(line, at: index, into: &result)
        }
        return nil
    }

    /// Returns the end of the hash in `Main@1b6d3586`, as Java prints an object without a `toString`.
    static func endOfIdentity(_ line: [UInt8], _ index: Int) -> Int? {
        let end = line[(index + 1)...].firstIndex { !isHexDigit($0) } ?? line.count
        guard (6...8).contains(end - index - 1), end == line.count || !isNamePart(line[end]) else { return nil }
        return end
    }

    private static func endOfPort(_ line: [UInt8], _ index: Int) -> Int? {
        guard index + 1 < line.count, line[index] == UInt8(ascii: ":"), isDigit(line[index + 1]) else { return nil }
        return line[(index + 1)...].firstIndex { !isDigit($0) } ?? line.count
    }

    private static func replaceNumber(_ line: [UInt8], at index: Int, into result: inout [UInt8]) -> Int? {
        if line[index...].starts(with: [UInt8(ascii: "0"), UInt8(ascii: "x")]) {
            let end = line[(index + 2)...].firstIndex { !isHexDigit($0) } ?? line.count
            guard end - index > 5 else { return nil }
            result += Array("0x…".utf8)
            return end
        }
        let end = line[index...].firstIndex { !isDigit($0) && $0 != UInt8(ascii: ".") } ?? line.count
        if isSpecificToRun(line[index..<end], after: result) {
            result.append(UInt8(ascii: "#"))
            return end
        }
        if let time = endOfTime(line, index, after: result) ?? endOfEpoch(line, index) {
            result += Array("<time>".utf8)
            return time
        }
        if let span = endOfSpan(line, index) {
            result += Array("# s".utf8)
            return span
        }
        var unit = end
        if unit < line.count, line[unit] == 0x20 { unit += 1 }
        let unitEnd = line[min(unit, line.count)...].firstIndex { !isLetter($0) && $0 < 0x80 } ?? line.count
        guard units.contains(where: { $0.elementsEqual(line[unit..<unitEnd]) }) else { return nil }
        result += Array("# ".utf8) + line[unit..<unitEnd]
        return unitEnd
    }

    /// Whether a number follows `seed=`, `pid: ` and the like, or is that in `thread 'main' (4711) panicked` of Rust.
    private static func isSpecificToRun(_ number: ArraySlice<UInt8>, after text: [UInt8]) -> Bool {
        if text.ends(with: "' (".utf8), text.starts(with: "thread '".utf8) { return true }
        let separators = Array(" :=#(".utf8)
        let end = text.lastIndex { !separators.contains($0) }.map { $0 + 1 } ?? 0
        guard end < text.count else { return false }
        let before = text[..<end]
        return names.contains { name in
            guard number.count >= name.digits, before.count >= name.word.count else { return false }
            let word = before.suffix(name.word.count)
            guard zip(word, name.word).allSatisfy({ $0 == $1 || $0 | 0x20 == $1 && isLetter($0) }) else { return false }
            // `PYTHONHASHSEED` ends in `seed` and counts; `rapid` ends in `pid` and does not.
            guard let previous = before.dropLast(name.word.count).last else { return true }
            return !isLetter(previous) || name.word.count == 4 && isUpper(previous) && isUpper(word[word.startIndex])
        }
    }

    /// Returns the end of `12:34:56.789`, `2026-01-02`, `2026-01-02T12:34:56Z` or, in brackets, `0:01:05`; nil if none
    /// starts here.
    ///
    /// `12:34` alone is not a time: more likely it is a line and a column.
    private static func endOfTime(_ line: [UInt8], _ index: Int, after text: [UInt8]) -> Int? {
        var position = index
        if let date = matchShape("dddd-dd-dd", line, at: position) {
            position = date
            guard position < line.count, line[position] == UInt8(ascii: "T") || line[position] == 0x20,
                matchShape("dd:dd:dd", line, at: position + 1) != nil
            else { return position }
            position += 1
        }
        let short = text.last == UInt8(ascii: "(") ? matchShape("d:dd:dd", line, at: position) : nil
        guard let time = matchShape("dd:dd:dd", line, at: position) ?? short else { return nil }
        position = time
        if position < line.count, line[position] == UInt8(ascii: ".") || line[position] == UInt8(ascii: ",") {
            position += 1
        }
        while position < line.count, isDigit(line[position]) { position += 1 }
        if position < line.count, line[position] == UInt8(ascii: "Z") { position += 1 }
        return position
    }

    /// Returns the end of seconds or milliseconds since 1970; nil if none start here. Today's have 10 and 13 digits.
    private static func endOfEpoch(_ line: [UInt8], _ index: Int) -> Int? {
        let end = line[index...].firstIndex { !isDigit($0) } ?? line.count
        guard line[index] == UInt8(ascii: "1"), end - index == 10 || end - index == 13 else { return nil }
        guard end < line.count else { return end }
        if line[end] == UInt8(ascii: "."), end - index == 10 {
            return line[(end + 1)...].firstIndex { !isDigit($0) } ?? line.count
        }
        return isNamePart(line[end]) ? nil : end
    }

    /// Returns the end of `1h2m3s` or `1m30.5s`; nil if none starts here.
    private static func endOfSpan(_ line: [UInt8], _ index: Int) -> Int? {
        var position = index
        var parts = 0
        for unit in "hms".utf8 {
            let end = line[min(position, line.count)...].firstIndex { !isDigit($0) && $0 != UInt8(ascii: ".") }
            guard let end, end > position, line[end] == unit else { continue }
            position = end + 1
            parts += 1
        }
        guard parts > 1, position == line.count || !isNamePart(line[position]) else { return nil }
        return position
    }

    /// Replaces `Nov 21 05:35:44`, with the weekday before it and the zone and year after it.
    private static func replaceDate(_ line: [UInt8], at index: Int, into result: inout [UInt8]) -> Int? {
        var position = index + 3
        guard position < line.count, line[position] == 0x20 else { return nil }
        while position < line.count, line[position] == 0x20 { position += 1 }
        let day = position
        while position < line.count, isDigit(line[position]) { position += 1 }
        guard (1...2).contains(position - day), position < line.count, line[position] == 0x20,
            let end = matchShape("dd:dd:dd", line, at: position + 1)
        else { return nil }
        if weekdays.contains(where: { result.ends(with: $0 + [0x20]) }) { result.removeLast(4) }
        result += Array("<time>".utf8)
        return matchShape(" uuu dddd", line, at: end) ?? matchShape(" dddd", line, at: end) ?? end
    }

    /// Returns the index after a shape, in which `d` is a digit, `h` a hexadecimal digit and `u` a capital letter.
    private static func matchShape(_ shape: String, _ line: [UInt8], at index: Int) -> Int? {
        var position = index
        for byte in shape.utf8 {
            guard position < line.count else { return nil }
            let fits =
                switch byte {
                case UInt8(ascii: "d"): isDigit(line[position])
                case UInt8(ascii: "h"): isHexDigit(line[position])
                case UInt8(ascii: "u"): isUpper(line[position])
                default: line[position] == byte
                }
            guard fits else { return nil }
            position += 1
        }
        return position == line.count || !isDigit(line[position]) ? position : nil
    }

    private static func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
}

extension Array<UInt8> {
    fileprivate func ends(with end: some Collection<UInt8>) -> Bool {
        count >= end.count && suffix(end.count).elementsEqual(end)
    }
}
