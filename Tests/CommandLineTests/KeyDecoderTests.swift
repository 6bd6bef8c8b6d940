import Reporting
import Testing

@testable import CommandLine

struct KeyDecoderTests {
    private func keys(_ text: String) -> [Key] {
        var decoder = KeyDecoder()
        return decoder.take(Array(text.utf8)) + decoder.flush()
    }

    @Test(arguments: [
        ("a", Key.character("a")), ("é", .character("é")), ("図", .character("図")), ("🙂", .character("🙂")),
        (" ", .character(" ")), ("\r", .enter), ("\n", .enter), ("\t", .tab), ("\u{7F}", .backspace),
        ("\u{8}", .backspace), ("\u{3}", .control("c")), ("\u{1A}", .control("z")), ("\u{1B}", .escape),
        ("\u{1B}[A", .up), ("\u{1B}[B", .down), ("\u{1B}[C", .right), ("\u{1B}[D", .left), ("\u{1B}OA", .up),
        ("\u{1B}[H", .home), ("\u{1B}[F", .end), ("\u{1B}[1~", .home), ("\u{1B}[4~", .end), ("\u{1B}[7~", .home),
        ("\u{1B}[8~", .end), ("\u{1B}[5~", .pageUp), ("\u{1B}[6~", .pageDown), ("\u{1B}[3~", .delete),
        ("\u{1B}[Z", .backTab), ("\u{1B}[1;5A", .up), ("\u{1B}OM", .enter),
    ])
    func `each key has its bytes`(_ text: String, key: Key) {
        #expect(keys(text) == [key])
    }

    @Test func `a sequence may arrive byte by byte`() {
        var decoder = KeyDecoder()
        var keys: [Key] = []
        for byte in Array("\u{1B}[5~図\u{1B}OB".utf8) { keys += decoder.take([byte]) }
        #expect(keys == [.pageUp, .character("図"), .down])
        #expect(!decoder.isWaiting)
    }

    @Test func `an escape byte alone waits for what follows`() {
        var decoder = KeyDecoder()
        #expect(decoder.take([0x1B]).isEmpty)
        #expect(decoder.isWaiting)
        #expect(decoder.flush() == [.escape])
        #expect(decoder.take([0x1B]).isEmpty)
        #expect(decoder.take(Array("[A".utf8)) == [.up])
    }

    @Test func `Esc and a letter in one read are two keys`() {
        #expect(keys("\u{1B}q") == [.escape, .character("q")])
        #expect(keys("\u{1B}\u{1B}[A") == [.escape, .up])
    }

    @Test func `unknown sequences and broken bytes are no keys`() {
        #expect(keys("\u{1B}[200;200;200q\u{1B}[?1;2cx") == [.character("x")])
        #expect(keys("\u{1B}[" + String(repeating: "1;", count: 60) + "x").last == .character("x"))
        var decoder = KeyDecoder()
        #expect(decoder.take([0xFF, 0xC0, 0x80, 0x61]) == [.character("a")])
        #expect(decoder.take([0xC3, 0x28, 0x61]) == [.character("a")])
        // A control character of eight bits, and one that turns the direction of writing.
        #expect(decoder.take(Array("\u{9B}\u{202E}b".utf8)) == [.character("b")])
    }

    @Test func `a paste is one key on one line, whatever is in it`() {
        #expect(keys("\u{1B}[200~rm -rf\n\u{1B}[31mred q\u{1B}[201~x") == [.paste("rm -rf red q"), .character("x")])
        var decoder = KeyDecoder()
        var keys: [Key] = []
        for byte in Array("\u{1B}[200~abc\u{1B}[201~".utf8) { keys += decoder.take([byte]) }
        #expect(keys == [.paste("abc")])
    }

    @Test func `a paste of any size ends`() {
        var decoder = KeyDecoder()
        #expect(decoder.take(Array("\u{1B}[200~".utf8)).isEmpty)
        for _ in 0..<40 { #expect(decoder.take([UInt8](repeating: 0x61, count: 4096)).isEmpty) }
        let keys = decoder.take(Array("\u{1B}[201~q".utf8))
        #expect(keys.count == 2 && keys.last == .character("q"))
    }
}
