#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Finds secrets without a known format by the names they are assigned to: `API_KEY = "…"`.
struct NamedSecrets {
    struct Found {
        var name: String
        var value: String
        var offset: Int
    }

    private(set) var found: [Found] = []

    private static let words: Set<String> = [
        "password", "passwd", "passphrase", "pwd", "secret", "token", "apikey", "credential", "credentials",
    ]
    private static let pairs: Set<String> = ["api key", "private key", "access key", "secret key", "auth key"]
    private static let examples = [
        "example", "placeholder", "dummy", "changeme", "change_me", "xxxx", "test", "your", "fake", "sample",
        "insecure",
        "1234567", "abcdef", "redacted",
    ]
    private static let length = 20...200
    /// Maximum length of a name in bytes.
    private static let nameLength = 60

    /// - Parameter isSource: in source code only quoted text is a value; a bare word is a name.
    init(_ bytes: [UInt8], isSource: Bool) {
        bytes.withUnsafeBufferPointer { bytes in
            var at = 0
            while at < bytes.count {
                let byte = bytes[at]
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                    at = quoted(bytes, at)
                } else if !isSource, byte == UInt8(ascii: "=") || byte == UInt8(ascii: ":") {
                    at = bare(bytes, at)
                } else {
                    at += 1
                }
            }
        }
    }

    static func isExample(_ value: String) -> Bool {
        let lower = value.lowercased()
        return examples.contains { lower.contains($0) }
    }

    private mutating func quoted(_ bytes: UnsafeBufferPointer<UInt8>, _ quote: Int) -> Int {
        let end = Self.end(bytes, quote + 1)
        guard end < bytes.count, bytes[end] == bytes[quote] else { return quote + 1 }
        var sign = quote
        while sign > 0, bytes[sign - 1] == 0x20 { sign -= 1 }
        if sign > 0 { judge(bytes, quote + 1..<end, sign: sign - 1) }
        return end + 1
    }

    private mutating func bare(_ bytes: UnsafeBufferPointer<UInt8>, _ sign: Int) -> Int {
        var start = sign + 1
        while start < bytes.count, bytes[start] == 0x20 { start += 1 }
        let end = Self.end(bytes, start)
        guard end > start else { return sign + 1 }
        if end == bytes.count || bytes[end] <= 0x20 { judge(bytes, start..<end, sign: sign) }
        return end
    }

    private static func end(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
        var end = start
        while end < bytes.count, end - start <= length.upperBound, isValue(bytes[end]) { end += 1 }
        return end
    }

    private static func isValue(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="),
            UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private mutating func judge(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, sign: Int) {
        guard Self.length.contains(range.count), let name = Self.name(bytes, before: sign), Self.isTelling(name),
            Self.isRandom(bytes[range])
        else { return }
        let value = String(decoding: bytes[range], as: UTF8.self)
        if !Self.isExample(value) { found.append(Found(name: name, value: value, offset: range.lowerBound)) }
    }

    /// Returns the name before `=`, `:`, `=>` or `:=`, quoted or not.
    private static func name(_ bytes: UnsafeBufferPointer<UInt8>, before sign: Int) -> String? {
        var at = sign
        let signs = Set("=:>".utf8)
        guard signs.contains(bytes[at]) else { return nil }
        while at >= 0, signs.contains(bytes[at]) { at -= 1 }
        let blanks = Set(" \"']".utf8)
        while at >= 0, blanks.contains(bytes[at]) { at -= 1 }
        let end = at + 1
        while at >= 0, end - at < nameLength, isName(bytes[at]) { at -= 1 }
        return end > at + 1 ? String(decoding: bytes[at + 1..<end], as: UTF8.self) : nil
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }

    /// Returns whether a word of a name means that its value is secret; `tokenizer` and `author` do not.
    static func isTelling(_ name: String) -> Bool {
        var parts: [String] = []
        var part = ""
        var wasLower = false
        for letter in name {
            let starts = letter.isUppercase && wasLower
            if starts || letter == "_" || letter == "-" {
                if !part.isEmpty { parts.append(part.lowercased()) }
                part = ""
            }
            if letter != "_", letter != "-" { part.append(letter) }
            wasLower = letter.isLowercase
        }
        if !part.isEmpty { parts.append(part.lowercased()) }
        return parts.contains { words.contains($0) }
            || zip(parts, parts.dropFirst()).contains { pairs.contains("\($0) \($1)") }
    }

    /// Returns whether bytes look random: a long run of letters of both cases and digits, or of hexadecimal digits, with a
    /// high Shannon entropy (in bits per byte).
    static func isRandom(_ value: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        let longest =
            value.split { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "/") }
            .map(\.count).max() ?? 0
        guard longest >= 16 else { return false }
        let digits = value.count { (0x30...0x39).contains($0) }
        let upper = value.contains { (0x41...0x5A).contains($0) }
        let lower = value.contains { (0x61...0x7A).contains($0) }
        let isHex = value.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0 | 0x20) }
        if isHex { return value.count >= 32 && digits >= 4 && digits < value.count && entropy(value) >= 3 }
        return upper && lower && digits >= 2 && entropy(value) >= 3.7
    }

    private static func entropy(_ value: Slice<UnsafeBufferPointer<UInt8>>) -> Double {
        var counts = [Int](repeating: 0, count: 256)
        for byte in value { counts[Int(byte)] += 1 }
        let total = Double(value.count)
        return counts.reduce(0) { sum, count in
            guard count > 0 else { return sum }
            let share = Double(count) / total
            return sum - share * log2(share)
        }
    }
}
