import Model
import Reporting

/// Turns the bytes of a terminal into keys. A sequence may arrive in pieces.
///
/// An escape byte alone is the key Esc, or the start of a sequence whose rest is on its way; `flush` decides for the key.
struct KeyDecoder {
    private var pending: [UInt8] = []
    private var pasted: [UInt8]?

    /// Bytes of a paste that are kept.
    private static let mostPasted = 64 * 1024
    /// Bytes of the longest sequence; a longer one is no key of a terminal.
    private static let longest = 32
    private static let escape: UInt8 = 0x1B
    private static let pasteStart = Array("\u{1B}[200~".utf8)
    private static let pasteEnd = Array("\u{1B}[201~".utf8)

    /// Whether bytes wait for the rest of their sequence.
    var isWaiting: Bool { !pending.isEmpty && pasted == nil }

    /// Takes bytes in and returns the keys that are complete.
    mutating func take(_ bytes: some Sequence<UInt8>) -> [Key] {
        pending += bytes
        var keys: [Key] = []
        while let key = next() { if let key = key.key { keys.append(key) } }
        return keys
    }

    /// Returns the key Esc where only an escape byte has arrived, and forgets an unfinished sequence.
    mutating func flush() -> [Key] {
        guard isWaiting else { return [] }
        defer { pending = [] }
        guard pending[0] == Self.escape else { return [] }
        return pending.count == 1 ? [.escape] : []
    }

    /// A step over some bytes, with the key that they are; nil for bytes that are no key.
    private struct Step { var key: Key? }

    /// - Returns: nil if the bytes do not suffice.
    private mutating func next() -> Step? {
        if pasted != nil { return nextOfPaste() }
        guard let first = pending.first else { return nil }
        if first == Self.escape { return nextOfSequence() }
        if first < 0x80 {
            pending.removeFirst()
            return Step(key: Self.plain(first))
        }
        return nextOfUTF8(first)
    }

    private mutating func nextOfUTF8(_ first: UInt8) -> Step? {
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard first >= 0xC2 else {
            pending.removeFirst()
            return Step(key: nil)
        }
        guard pending.count >= length else { return nil }
        let text = String(decoding: pending.prefix(length), as: UTF8.self)
        pending.removeFirst(length)
        guard OutsideText.line(text) == text, !text.contains("\u{FFFD}"), let character = text.first else {
            return Step(key: nil)
        }
        return Step(key: .character(character))
    }

    private static func plain(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x0A, 0x0D: .enter
        case 0x09: .tab
        case 0x08, 0x7F: .backspace
        case 0x01...0x1A: .control(Character(UnicodeScalar(byte + 0x60)))
        case 0x20...0x7E: .character(Character(UnicodeScalar(byte)))
        default: nil
        }
    }

    /// A sequence that starts with Esc: CSI (`ESC [`), SS3 (`ESC O`), or Esc and another key.
    private mutating func nextOfSequence() -> Step? {
        guard pending.count > 1 else { return nil }
        switch pending[1] {
        case Self.escape:
            pending.removeFirst()
            return Step(key: .escape)
        case UInt8(ascii: "["): return nextOfControlSequence()
        case UInt8(ascii: "O"):
            guard pending.count > 2 else { return nil }
            let final = pending[2]
            pending.removeFirst(3)
            return Step(key: Self.named(final))
        default:
            // No key with Alt is used, and a person may type Esc and a letter within one read.
            pending.removeFirst()
            return Step(key: .escape)
        }
    }

    /// Parameters and a final byte (ECMA-48, 5.4).
    private mutating func nextOfControlSequence() -> Step? {
        guard let end = pending.dropFirst(2).firstIndex(where: { (0x40...0x7E).contains($0) }) else {
            guard pending.count > Self.longest else { return nil }
            pending = []
            return Step(key: nil)
        }
        let sequence = Array(pending[...end])
        pending.removeFirst(end + 1)
        if sequence == Self.pasteStart {
            pasted = []
            return Step(key: nil)
        }
        let number = sequence.dropFirst(2).prefix { (0x30...0x39).contains($0) }.reduce(0) {
            ($0 &* 10 &+ Int($1 - 0x30)) % 10_000
        }
        return Step(key: sequence[end] == UInt8(ascii: "~") ? Self.numbered(number) : Self.named(sequence[end]))
    }

    private static func named(_ final: UInt8) -> Key? {
        switch final {
        case UInt8(ascii: "A"): .up
        case UInt8(ascii: "B"): .down
        case UInt8(ascii: "C"): .right
        case UInt8(ascii: "D"): .left
        case UInt8(ascii: "H"): .home
        case UInt8(ascii: "F"): .end
        case UInt8(ascii: "Z"): .backTab
        case UInt8(ascii: "M"): .enter
        default: nil
        }
    }

    private static func numbered(_ number: Int) -> Key? {
        switch number {
        case 1, 7: .home
        case 3: .delete
        case 4, 8: .end
        case 5: .pageUp
        case 6: .pageDown
        default: nil
        }
    }

    private mutating func nextOfPaste() -> Step? {
        var text = (pasted ?? []) + pending
        pending = []
        if let end = Self.find(Self.pasteEnd, in: text) {
            pending = Array(text[(end + Self.pasteEnd.count)...])
            text.removeSubrange(end...)
            pasted = nil
            let line = OutsideText.line(String(decoding: text.prefix(Self.mostPasted), as: UTF8.self))
            return Step(key: .paste(line))
        }
        // The end mark may be in pieces, so the last bytes are kept whatever was dropped before.
        if text.count > Self.mostPasted + Self.pasteEnd.count {
            text = Array(text.prefix(Self.mostPasted)) + text.suffix(Self.pasteEnd.count)
        }
        pasted = text
        return nil
    }

    private static func find(_ part: [UInt8], in bytes: [UInt8]) -> Int? {
        guard bytes.count >= part.count else { return nil }
        return (0...bytes.count - part.count).first { bytes[$0] == part[0] && bytes[$0...].starts(with: part) }
    }
}
