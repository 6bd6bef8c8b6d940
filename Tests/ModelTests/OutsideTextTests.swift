import Model
import Testing

/// Text from outside.
@Suite struct OutsideTextTests {
    @Test(arguments: [
        ("plain\n\ttext", "plain\n\ttext"), ("é 漢 👩‍👩‍👧", "é 漢 👩‍👩‍👧"),
        ("\u{1B}[31mred\u{1B}[0m", "red"), ("a\u{1B}[2J\u{1B}[1;1Hb", "ab"), ("a\u{9B}31mb", "ab"),
        ("\u{1B}]0;title\u{7}a", "a"), ("\u{1B}]8;;http://x\u{1B}\\link\u{1B}]8;;\u{1B}\\", "link"),
        ("\u{1B}Pq#0\u{9C}a", "a"), ("\u{9D}0;t\u{7}a", "a"), ("a\u{1B}(0b\u{1B}cd\u{1B}", "abd"),
        ("never ends \u{1B}]0;x\nnext", "never ends \nnext"), ("\u{1B}[31", ""), ("\u{1B}[31\nnext", "\nnext"),
        ("a\r\nb\rc", "a\nb\nc"), ("a\u{2028}b\u{2029}c\u{85}d\u{B}e\u{C}f", "a\nb\nc\nd\ne\nf"),
        ("a\u{202E}b\u{2066}c\u{200F}d\u{FEFF}e\u{AD}f", "abcdef"), ("a\u{0}\u{8}\u{7F}\u{80}b", "ab"),
    ])
    func `lines hold neither control characters nor hidden ones`(text: String, expected: String) {
        #expect(OutsideText.lines(text) == expected)
    }

    @Test func `a line has no line breaks`() {
        #expect(OutsideText.line("a\nb\tc\r\nd\u{2028}e") == "a b c d e")
    }

    @Test func `only colours are kept, and only where they are wanted`() {
        let text = "\u{1B}[1;32mgood\u{1B}[0m\u{1B}[2J\u{1B}[?25l\u{1B}]0;x\u{7}\u{9B}31m"
        #expect(OutsideText.lines(text, keepsColours: true) == "\u{1B}[1;32mgood\u{1B}[0m")
        #expect(OutsideText.lines(text) == "good")
    }

    @Test func `JSON keeps its values`() {
        let text = "{\n\t\"a\": \"x\u{9B}\u{202E}\u{2028}é\u{E0041}\"}"
        #expect(OutsideText.json(text) == "{\n\t\"a\": \"x\\u009b\\u202e\\u2028é\\udb40\\udc41\"}")
    }

    /// Whatever is put together from the pieces of sequences.
    @Test func `cleaning again changes nothing`() {
        let pieces = [
            "\u{1B}", "[", "3", "m", "]", "\u{7}", "\\", "\r", "\n", "\u{9B}", "\u{9C}", "a", "(", "\u{2028}", "P",
            "\u{202E}",
        ]
        var seed: UInt64 = 7
        for _ in 0..<2000 {
            var text = ""
            for _ in 0..<12 {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += pieces[Int(seed >> 33) % pieces.count]
            }
            let clean = OutsideText.lines(text)
            #expect(OutsideText.lines(clean) == clean)
            #expect(clean.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
        }
    }
}
