/// A table of names that gives equal texts equal numbers, from 0 on.
package struct SymbolTable: Sendable {
    package typealias Symbol = UInt32

    private var starts: [UInt32] = [0]
    private var bytes: [UInt8] = []
    private var hashes: [UInt32] = []
    private var slots: [UInt32]

    package init(capacity: Int = 1024) {
        var size = 64
        while size < capacity * 2 { size *= 2 }
        slots = [UInt32](repeating: 0, count: size)
    }

    /// Makes a set of the words of a text, to be searched by bytes.
    package init(words: String) {
        let words = words.split { $0 == " " || $0 == "\n" }
        self.init(capacity: words.count)
        for word in words { _ = intern(String(word)) }
    }

    package var count: Int { hashes.count }

    func text(_ symbol: Symbol) -> String {
        String(decoding: bytes[Int(starts[Int(symbol)])..<Int(starts[Int(symbol) + 1])], as: UTF8.self)
    }

    /// Returns the number of a text. A new text gets a new number.
    package mutating func intern(_ text: Source.Bytes) -> Symbol {
        if (hashes.count + 1) * 2 > slots.count { grow() }
        let hash = UInt32(truncatingIfNeeded: hashBytes(text))
        let mask = slots.count - 1
        var slot = Int(hash) & mask
        while slots[slot] != 0 {
            let known = slots[slot] - 1
            if hashes[Int(known)] == hash, isEqual(known, text) { return known }
            slot = (slot + 1) & mask
        }
        let symbol = UInt32(hashes.count)
        bytes.append(contentsOf: text)
        starts.append(UInt32(bytes.count))
        hashes.append(hash)
        slots[slot] = symbol + 1
        return symbol
    }

    package mutating func intern(_ text: String) -> Symbol {
        var text = text
        return text.withUTF8 { intern($0) }
    }

    /// Returns the number of a known text, or nil.
    package func find(_ text: Source.Bytes) -> Symbol? {
        let hash = UInt32(truncatingIfNeeded: hashBytes(text))
        let mask = slots.count - 1
        var slot = Int(hash) & mask
        while slots[slot] != 0 {
            let known = slots[slot] - 1
            if hashes[Int(known)] == hash, isEqual(known, text) { return known }
            slot = (slot + 1) & mask
        }
        return nil
    }

    package func find(_ text: String) -> Symbol? {
        var text = text
        return text.withUTF8 { find($0) }
    }

    package func string(_ symbol: Symbol) -> String {
        String(decoding: bytes[Int(starts[Int(symbol)])..<Int(starts[Int(symbol) + 1])], as: UTF8.self)
    }

    private func isEqual(_ symbol: Symbol, _ text: Source.Bytes) -> Bool {
        let start = Int(starts[Int(symbol)])
        guard Int(starts[Int(symbol) + 1]) - start == text.count else { return false }
        for index in 0..<text.count where bytes[start + index] != text[index] { return false }
        return true
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        let mask = slots.count - 1
        for (index, hash) in hashes.enumerated() {
            var slot = Int(hash) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt32(index + 1)
        }
    }
}
