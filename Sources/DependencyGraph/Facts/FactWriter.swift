/// Collects the facts of one file; equal texts are stored once.
///
/// A writer belongs to one thread and is reused for the next file.
package struct FactWriter {
    private var facts: [FileFact] = []
    private var textOffsets: [UInt32] = [0]
    private var texts: [UInt8] = []
    /// Open addressing over text places plus one; 0 is a free slot.
    private var slots: [UInt32]
    /// For counted references: the place of the first fact plus one, by text and kind.
    private var counted: [UInt32] = []

    init() { slots = [UInt32](repeating: 0, count: 256) }

    /// The longest text kept, in bytes. No name or path is longer.
    private static let longest = 4096
    /// The largest number of facts of a file. Real files have fewer; a repository of larger ones would fill the memory.
    private static let most = 200_000

    package var count: Int { facts.count }

    package mutating func add(
        kind: UInt8, text: Source.Bytes, line: UInt32, value: UInt32 = 0, flags: UInt8 = 0, scope: UInt16 = 0
    ) {
        guard text.count <= Self.longest, facts.count < Self.most else { return }
        facts.append(
            FileFact(text: place(of: text), line: line, value: value, kind: kind, flags: flags, scope: scope))
    }

    /// Adds a fact whose text is not in the file as written.
    package mutating func add(
        kind: UInt8, string: String, line: UInt32, value: UInt32 = 0, flags: UInt8 = 0, scope: UInt16 = 0
    ) {
        var string = string
        string.withUTF8 { add(kind: kind, text: $0, line: line, value: value, flags: flags, scope: scope) }
    }

    /// Adds a fact without text, such as the end of a scope.
    package mutating func add(kind: UInt8, line: UInt32, value: UInt32 = 0, flags: UInt8 = 0) {
        add(kind: kind, text: Source.Bytes(start: nil, count: 0), line: line, value: value, flags: flags)
    }

    /// Counts a reference to a name. The first one adds a fact with `value` 1, and each later one with the same text,
    /// kind, flags and scope adds 1 to it. References that alternate between scopes may add a fact each.
    package mutating func count(
        kind: UInt8, text: Source.Bytes, line: UInt32, flags: UInt8 = 0, scope: UInt16 = 0
    ) {
        guard text.count <= Self.longest else { return }
        count(kind: kind, place: place(of: text), line: line, flags: flags, scope: scope)
    }

    /// Like `count(kind:text:line:flags:scope:)`, for a text whose place is known.
    /// - Parameter since: earlier facts are not changed, so that each part of a file counts separately.
    package mutating func count(
        kind: UInt8, place: UInt32, line: UInt32, flags: UInt8 = 0, scope: UInt16 = 0, since: Int = 0
    ) {
        if counted.count <= Int(place) {
            counted.append(contentsOf: repeatElement(0, count: Int(place) + 1 - counted.count))
        }
        let known = Int(counted[Int(place)]) - 1
        if known >= since, facts[known].kind == kind, facts[known].flags == flags, facts[known].scope == scope {
            facts[known].value &+= 1
            return
        }
        guard facts.count < Self.most else { return }
        facts.append(FileFact(text: place, line: line, value: 1, kind: kind, flags: flags, scope: scope))
        counted[Int(place)] = UInt32(facts.count)
    }

    /// Returns the place of a text in the file's table, for a fact with a second text in its `value`.
    package mutating func place(of text: Source.Bytes) -> UInt32 {
        if textOffsets.count * 2 > slots.count { grow() }
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hashBytes(text)) & mask
        while slots[slot] != 0 {
            let known = slots[slot] - 1
            if isEqual(text, known) { return known }
            slot = (slot + 1) & mask
        }
        let place = UInt32(textOffsets.count - 1)
        texts.append(contentsOf: text)
        textOffsets.append(UInt32(texts.count))
        slots[slot] = place + 1
        return place
    }

    private func isEqual(_ text: Source.Bytes, _ place: UInt32) -> Bool {
        let start = Int(textOffsets[Int(place)])
        guard Int(textOffsets[Int(place) + 1]) - start == text.count else { return false }
        for index in 0..<text.count where texts[start + index] != text[index] { return false }
        return true
    }

    private mutating func grow() {
        var larger = [UInt32](repeating: 0, count: slots.count * 2)
        let mask = larger.count - 1
        texts.withUnsafeBufferPointer { texts in
            for place in 0..<textOffsets.count - 1 {
                let range = Int(textOffsets[place])..<Int(textOffsets[place + 1])
                var slot = Int(truncatingIfNeeded: hashBytes(Source.Bytes(rebasing: texts[range]))) & mask
                while larger[slot] != 0 { slot = (slot + 1) & mask }
                larger[slot] = UInt32(place + 1)
            }
        }
        slots = larger
    }

    mutating func removeAll() {
        facts.removeAll(keepingCapacity: true)
        textOffsets.removeAll(keepingCapacity: true)
        textOffsets.append(0)
        texts.removeAll(keepingCapacity: true)
        counted.removeAll(keepingCapacity: true)
        if slots.count > 4096 {
            slots = [UInt32](repeating: 0, count: 256)
        } else {
            for index in slots.indices { slots[index] = 0 }
        }
    }

    /// Writes the flat form that `FileFacts` reads into the arena.
    func encode(_ summary: FileSummary, into arena: Arena) -> UnsafeRawBufferPointer {
        var header = FileFacts.Header()
        header.bytes = UInt64(summary.bytes)
        header.lines = UInt32(clamping: summary.lines)
        header.traits = summary.traits
        header.language = summary.language
        header.textCount = UInt32(textOffsets.count - 1)
        header.factCount = UInt32(facts.count)
        header.textBytes = UInt32(texts.count)
        let size = FileFacts.size(header)
        let target = UnsafeMutableRawBufferPointer(start: arena.allocate(size), count: size)
        var offset = 0
        func copy(_ part: UnsafeRawBufferPointer) {
            UnsafeMutableRawBufferPointer(rebasing: target[offset..<offset + part.count]).copyMemory(from: part)
            offset += part.count
        }
        withUnsafeBytes(of: header) { copy($0) }
        textOffsets.withUnsafeBytes { copy($0) }
        facts.withUnsafeBytes { copy($0) }
        texts.withUnsafeBytes { copy($0) }
        for index in offset..<size { target[index] = 0 }
        return UnsafeRawBufferPointer(target)
    }
}
