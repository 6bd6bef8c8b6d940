import Testing

@testable import Reporting

struct GridTests {
    private let escape = "\u{1B}"

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    /// What a terminal shows after some updates: an interpreter of the few sequences that a grid writes.
    private func shown(_ updates: [[UInt8]], width: Int, height: Int) -> String {
        var screen = FakeScreen(width: width, height: height)
        for update in updates { screen.take(text(update)) }
        return screen.text
    }

    @Test func `control characters of a text never reach a cell`() {
        var grid = Grid(width: 30, height: 1)
        grid.put("a\u{1B}[31mb\u{7}\r\nc\u{9B}2Jd\u{202E}e", row: 0, column: 0)
        #expect(grid.text == "ab cde\n")
        let bytes = grid.update(from: nil, isColored: true)
        #expect(!text(bytes).contains("[31m") && !bytes.contains(7))
    }

    @Test func `a wide character takes two cells, and is never cut in half`() {
        var grid = Grid(width: 4, height: 1)
        #expect(grid.put("図図図", row: 0, column: 0) == 3)
        #expect(grid.text == "図…\n")
        #expect(grid[0, 0].width == 2 && grid[0, 1].width == 0)
        grid.put("x", row: 0, column: 1)
        #expect(grid.text == " x…\n")
        grid.put("図", row: 0, column: 2)
        grid.put("y", row: 0, column: 2)
        #expect(grid.text == " xy\n")
    }

    @Test(arguments: [
        ("e\u{301}", 1, "e\u{301}"), ("🙂", 2, "🙂"), ("⚠\u{FE0F}", 1, "⚠"), ("🇫🇷", 2, "🇫🇷"),
        ("👩\u{200D}👩\u{200D}👧", 2, "👩"), ("한", 2, "한"), ("\u{1F7E2}", 2, "\u{1F7E2}"), ("é", 1, "é"),
    ])
    func `characters take as many columns as terminals give them`(_ text: String, columns: Int, shown: String) throws {
        let character = try #require(text.first)
        #expect(CharacterWidth.of(character) == columns)
        #expect(String(CharacterWidth.shown(character)) == shown)
    }

    @Test func `marks on a character are limited`() {
        let character = Character("e" + String(repeating: "\u{301}", count: 40))
        #expect(CharacterWidth.shown(character).unicodeScalars.count == 4)
    }

    @Test func `text outside of the grid is left out`() {
        var grid = Grid(width: 3, height: 2)
        #expect(grid.put("abc", row: 2, column: 0) == 0)
        #expect(grid.put("abc", row: -1, column: 0) == 0)
        #expect(grid.put("abc", row: 0, column: 3) == 0)
        #expect(grid.put("abcdef", row: 1, column: 1) == 2)
        #expect(grid.text == "\n a…\n")
    }

    @Test func `equal frames need no bytes, and a change needs few`() {
        var old = Grid(width: 80, height: 24)
        for row in 0..<24 { old.put("row \(row) of a picture that stays as it is", row: row, column: 0) }
        #expect(old.update(from: old, isColored: true).isEmpty)
        var new = old
        new.put("9", row: 11, column: 4)
        let bytes = text(new.update(from: old, isColored: true))
        #expect(bytes == "\(escape)[?2026h\(escape)[?25l\(escape)[12;5H9\(escape)[?2026l")
    }

    @Test func `each update is one synchronised one`() {
        var grid = Grid(width: 10, height: 2)
        grid.put("x", row: 0, column: 0)
        grid.cursor = .init(row: 1, column: 2)
        let bytes = text(grid.update(from: nil, isColored: true))
        #expect(bytes.hasPrefix("\(escape)[?2026h"))
        #expect(bytes.hasSuffix("\(escape)[2;3H\(escape)[?25h\(escape)[?2026l"))
    }

    @Test func `updates give the frame, whatever was shown before`() {
        var generator = SystemRandomNumberGenerator()
        let words = ["", "abc", "図", "a図b", "      ", "x y", "🙂🙂", "e\u{301}t", "long text of some words"]
        for _ in 0..<200 {
            var frames: [Grid] = []
            for _ in 0..<4 {
                var grid = Grid(width: 12, height: 3)
                for row in 0..<3 {
                    grid.put(words.randomElement(using: &generator) ?? "", row: row, column: Int.random(in: 0..<12))
                    grid.put(words.randomElement(using: &generator) ?? "", row: row, column: Int.random(in: 0..<6))
                }
                frames.append(grid)
            }
            var updates: [[UInt8]] = []
            for (index, frame) in frames.enumerated() {
                updates.append(frame.update(from: index == 0 ? nil : frames[index - 1], isColored: false))
            }
            #expect(shown(updates, width: 12, height: 3) == frames[3].text)
        }
    }

    @Test func `a frame of another size clears the terminal`() {
        let bytes = Grid(width: 5, height: 2).update(from: Grid(width: 6, height: 2), isColored: true)
        #expect(text(bytes).contains("\(escape)[2J"))
    }

    @Test func `without colours bold and reverse stay`() {
        var grid = Grid(width: 10, height: 1)
        grid.put("a", row: 0, column: 0, style: CellStyle(.bad, isBold: true))
        grid.put("b", row: 0, column: 1, style: CellStyle(.good, isReversed: true))
        #expect(text(grid.update(from: nil, isColored: true)).contains("[0;1;31ma\(escape)[0;7;32mb"))
        let plain = text(grid.update(from: nil, isColored: false))
        #expect(plain.contains("[0;1ma\(escape)[0;7mb"))
        #expect(!plain.contains("31") && !plain.contains("32"))
    }

    @Test func `a link is closed, and no address ends its sequence`() {
        var grid = Grid(width: 10, height: 1)
        grid.put("ab", row: 0, column: 0, style: CellStyle(link: "https://example.org/1"))
        let bytes = text(grid.update(from: nil, isColored: true))
        #expect(bytes.contains("]8;;https://example.org/1\(escape)\\ab\(escape)]8;;\(escape)\\"))
        var bad = Grid(width: 10, height: 1)
        bad.put("ab", row: 0, column: 0, style: CellStyle(link: "x\u{7}\u{1B}[2J"))
        #expect(!text(bad.update(from: Grid(width: 10, height: 1), isColored: true)).contains("[2J"))
    }

    @Test func `a list scrolls as little as possible`() {
        var window = ScrollWindow()
        #expect(window.lines(around: 0, count: 100, height: 10) == 0..<10)
        #expect(window.lines(around: 10, count: 100, height: 10) == 1..<11)
        #expect(window.lines(around: 5, count: 100, height: 10) == 1..<11)
        #expect(window.lines(around: 0, count: 100, height: 10) == 0..<10)
        #expect(window.lines(around: 99, count: 100, height: 10) == 90..<100)
        #expect(window.lines(around: nil, count: 12, height: 10) == 2..<12)
        #expect(window.lines(around: 3, count: 4, height: 0) == 4..<4)
        #expect(window.lines(around: nil, count: 4, height: 10) == 0..<4)
    }

    @Test func `columns share the room, the last ones are left out first`() {
        let columns: [ColumnWidths.Column] = [
            .init(least: 5, most: 20), .init(least: 4, most: 4), .init(least: 10, most: 90),
        ]
        #expect(ColumnWidths.share(9, among: columns) == [9, 0, 0])
        #expect(ColumnWidths.share(10, among: columns) == [5, 4, 0])
        #expect(ColumnWidths.share(30, among: columns) == [14, 4, 10])
        #expect(ColumnWidths.share(80, among: columns) == [20, 4, 54])
    }
}

/// A terminal that knows the sequences of `Grid.update`.
private struct FakeScreen {
    private var rows: [[String]]
    private var row = 0
    private var column = 0
    private let width: Int

    init(width: Int, height: Int) {
        self.width = width
        rows = Array(repeating: Array(repeating: " ", count: width), count: height)
    }

    var text: String {
        rows.map { row in
            var line = row.joined()
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }

    mutating func take(_ text: String) {
        var rest = Substring(text)
        while let character = rest.popFirst() {
            guard character == "\u{1B}" else {
                put(character)
                continue
            }
            guard rest.popFirst() == "[" else { continue }
            let parameters = rest.prefix { !$0.isLetter }
            rest = rest.dropFirst(parameters.count)
            let numbers = parameters.split(separator: ";").compactMap { Int($0) }
            switch rest.popFirst() {
            case "H": (row, column) = (numbers[0] - 1, numbers[1] - 1)
            case "K": for place in column..<width { rows[row][place] = " " }
            case "J": rows = rows.map { $0.map { _ in " " } }
            default: break
            }
        }
    }

    private mutating func put(_ character: Character) {
        let columns = CharacterWidth.of(character)
        if rows[row][column].isEmpty, column > 0 { rows[row][column - 1] = " " }
        if columns == 2, column + 2 < width, rows[row][column + 2].isEmpty { rows[row][column + 2] = " " }
        if columns == 1, column + 1 < width, rows[row][column + 1].isEmpty { rows[row][column + 1] = " " }
        rows[row][column] = String(character)
        if columns == 2 { rows[row][column + 1] = "" }
        column += columns
    }
}
