/// Finds the references to other projects and the usings for all files in a `.csproj`.
struct CSharpProjectFile {
    private let bytes: Source.Bytes

    init(_ bytes: Source.Bytes) { self.bytes = bytes }

    func scan(into facts: inout FactWriter) {
        var place = 0
        var line: UInt32 = 1
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            if byte == 0x0A { line += 1 }
            guard byte == UInt8(ascii: "<") else { continue }
            if starts(place, "!--") {
                while place < bytes.count, !starts(place, "-->") {
                    if bytes[place] == 0x0A { line += 1 }
                    place += 1
                }
            } else if starts(place, "ProjectReference"), let value = attribute(from: place) {
                // Paths are written with either slash.
                let path = String(decoding: value, as: UTF8.self)
                let plain = String(path.map { $0 == "\\" ? "/" : $0 })
                facts.add(kind: ScopedFact.project.rawValue, string: plain, line: line)
            } else if starts(place, "Using "), let value = attribute(from: place) {
                let flags = ScopedFact.Using.global | ScopedFact.Using.wildcard
                facts.add(kind: ScopedFact.using.rawValue, text: value, line: line, flags: flags)
            }
        }
    }

    private func starts(_ place: Int, _ text: StaticString) -> Bool {
        guard place + text.utf8CodeUnitCount <= bytes.count else { return false }
        for index in 0..<text.utf8CodeUnitCount where bytes[place + index] != text.utf8Start[index] { return false }
        return true
    }

    /// The value of `Include` in the tag that starts here.
    private func attribute(from start: Int) -> Source.Bytes? {
        var place = start
        // Real tags are shorter.
        let limit = min(bytes.count, start + 2048)
        while place < limit, bytes[place] != UInt8(ascii: ">") {
            if starts(place, "Include=\"") {
                let first = place + 9
                var end = first
                while end < limit, bytes[end] != UInt8(ascii: "\"") { end += 1 }
                return end < limit ? Source.Bytes(rebasing: bytes[first..<end]) : nil
            }
            place += 1
        }
        return nil
    }
}
