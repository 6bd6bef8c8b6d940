/// A path as Git stores it: bytes in any encoding, with `/` between components.
typealias RawPath = [UInt8]

extension RawPath {
    static let slash = UInt8(ascii: "/")

    /// The path as text, or nil if it is not UTF-8.
    var decoded: String? { String(validating: self, as: UTF8.self) }

    /// The path as text. A path that is not UTF-8 is quoted as Git does (`"caf\351"`), so that it stays distinct.
    var display: String {
        if let decoded { return decoded }
        var text = "\""
        for byte in self {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += "\\\(Character(UnicodeScalar(byte)))"
            case 0x20..<0x7f: text.append(Character(UnicodeScalar(byte)))
            default:
                let digits = String(byte, radix: 8)
                text += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
            }
        }
        return text + "\""
    }

    /// Appends a name below this directory; the root is the empty path.
    func appending(_ name: some Collection<UInt8>) -> RawPath {
        if isEmpty { return Array(name) }
        var path = self
        path.reserveCapacity(count + 1 + name.count)
        path.append(Self.slash)
        path.append(contentsOf: name)
        return path
    }

    /// The directory that holds the path; the empty path for the root's own entries.
    var parent: RawPath { lastIndex(of: Self.slash).map { Array(self[..<$0]) } ?? [] }

    /// The part after the last slash.
    var name: ArraySlice<UInt8> { lastIndex(of: Self.slash).map { self[($0 + 1)...] } ?? self[...] }

    /// Whether the path is below a directory, at any depth.
    func isBelow(_ directory: RawPath) -> Bool {
        if directory.isEmpty { return !isEmpty }
        return count > directory.count && self[directory.count] == Self.slash && starts(with: directory)
    }
}

extension Set<RawPath> {
    /// The directories that lead to these paths, without the root.
    var directoriesAbove: Set<RawPath> {
        var found: Set<RawPath> = []
        for path in self {
            var directory = path.parent
            while !directory.isEmpty, found.insert(directory).inserted { directory = directory.parent }
        }
        return found
    }
}
