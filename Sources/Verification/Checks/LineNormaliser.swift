/// Replaces what differs between two runs of the same command. Temporary folders keep their paths, for people to look
/// at; `TemporaryPaths` replaces them where failures are compared.
///
/// Normalising a normalised line does not change it.
struct LineNormaliser: Sendable {
    /// Paths and the names that replace them, the longest path first.
    private let folders: [(path: [UInt8], name: [UInt8])]

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
            // Looks at the output, not at the input, so that normalising the output again changes nothing.
            let atStart = result.last.map { !Self.isNamePart($0) } ?? true
            if line[index] == UInt8(ascii: "/"), let next = replacePath(line, at: index, into: &result) {
                index = next
            } else if !atStart, line[index] == UInt8(ascii: "@"), let next = Self.endOfIdentity(line, index) {
                result += Array("@…".utf8)
                index = next
            } else if atStart, let next = Self.replaceStamp(line, at: index, into: &result) {
                index = next
            } else {
                result.append(line[index])
                index += 1
            }
        }
        while result.last == 0x20 || result.last == 0x09 { result.removeLast() }
        return String(decoding: result, as: UTF8.self)
    }

    private func replacePath(_ line: [UInt8], at index: Int, into result: inout [UInt8]) -> Int? {
        let rest = line[index...]
        for folder in folders where rest.starts(with: folder.path) {
            let end = index + folder.path.count
            guard end == line.count || !Self.isNamePart(line[end]) else { continue }
            if folder.name.isEmpty, end < line.count, line[end] == UInt8(ascii: "/") { return end + 1 }
            result += folder.name.isEmpty ? [UInt8(ascii: ".")] : folder.name
            return end
        }
        return nil
    }

    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
    static func isHexDigit(_ byte: UInt8) -> Bool { isDigit(byte) || (0x61...0x66).contains(byte | 0x20) }
    static func isNamePart(_ byte: UInt8) -> Bool {
        isDigit(byte) || isLetter(byte) || byte >= 0x80 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "+")
    }
}
