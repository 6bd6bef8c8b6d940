/// The parts of a commit message.
///
/// The last paragraph holds the trailers if each of its lines is `Key: value` or continues the line before with a space.
/// Git also accepts paragraphs with a few other lines; orchestrate writes no such paragraphs.
struct MessageParts {
    private(set) var subject = ""
    private(set) var body = ""
    private(set) var trailers: [CommitRecord.Trailer] = []

    init(_ message: String) {
        var lines = message.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        while lines.last?.isBlank == true { lines.removeLast() }
        while lines.first?.isBlank == true { lines.removeFirst() }
        subject = lines.first ?? ""
        var rest = Array(lines.dropFirst())
        let start = (rest.lastIndex { $0.isBlank } ?? -1) + 1
        // The paragraph of the subject never holds trailers.
        if start > 0, let found = Self.trailers(in: rest[start...]) {
            trailers = found
            rest.removeSubrange(start...)
        }
        while rest.last?.isBlank == true { rest.removeLast() }
        while rest.first?.isBlank == true { rest.removeFirst() }
        body = rest.joined(separator: "\n")
    }

    private static func trailers(in lines: ArraySlice<String>) -> [CommitRecord.Trailer]? {
        var found: [CommitRecord.Trailer] = []
        for line in lines {
            if line.hasPrefix(" ") || line.hasPrefix("\t"), !found.isEmpty {
                found[found.count - 1].value += " " + line.drop { $0 == " " || $0 == "\t" }
                continue
            }
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let key = line[..<colon]
            guard !key.isEmpty, key.utf8.allSatisfy({ Self.isKeyByte($0) }) else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            found.append(.init(key: String(key), value: String(value)))
        }
        return found.isEmpty ? nil : found
    }

    private static func isKeyByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

extension String {
    fileprivate var isBlank: Bool { allSatisfy { $0 == " " || $0 == "\t" || $0 == "\r" } }
}
