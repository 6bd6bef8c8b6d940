/// Paths of temporary folders in a text.
package enum TemporaryPaths {
    private static let roots = [
        "/tmp/", "/var/tmp/", "/private/tmp/", "/var/folders/", "/private/var/folders/", "/dev/shm/",
    ].map { Array($0.utf8) }

    /// Returns the text with `<tmp>` in place of temporary folders, for comparisons: their names differ from run to run.
    ///
    /// The name of a file is kept if there is a folder above it. People see the path as it is.
    package static func replaced(in text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            let startsWord = result.last.map { !isNamePart($0) } ?? true
            guard text[index] == UInt8(ascii: "/"), startsWord, let end = end(ofPathAt: index, in: text) else {
                result.append(text[index])
                index += 1
                continue
            }
            result += Array("<tmp>".utf8)
            let parts = text[index..<end].split(separator: UInt8(ascii: "/"))
            if parts.count > 2, text[end - 1] != UInt8(ascii: "/"), let name = parts.last {
                result.append(UInt8(ascii: "/"))
                result += name
            }
            index = end
        }
        return result
    }

    /// Returns the end of a temporary path; nil if another one starts there.
    private static func end(ofPathAt index: Int, in text: [UInt8]) -> Int? {
        let rest = text[index...]
        guard roots.contains(where: { rest.starts(with: $0) }) else { return nil }
        return rest.firstIndex { !isNamePart($0) && $0 != UInt8(ascii: "/") } ?? text.count
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte >= 0x80
            || [UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "+")].contains(byte)
    }
}
