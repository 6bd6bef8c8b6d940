/// A rectangle of terminal cells.
///
/// Text gets into it through `put` only, which takes control characters out, so nobody's text can move the cursor.
package struct Grid: Sendable, Equatable {
    package struct Cell: Sendable, Equatable {
        package var text: Character = " "
        /// Columns of the character; 0 for the right half of a wide one.
        package var width = 1
        package var style = CellStyle()
    }

    /// A row and a column, counted from 0.
    package struct Place: Sendable, Equatable {
        package var row: Int
        package var column: Int

        package init(row: Int, column: Int) {
            self.row = row
            self.column = column
        }
    }

    package let width: Int
    package let height: Int
    package private(set) var cells: [Cell]
    /// Where the cursor is shown; nil for a hidden cursor.
    package var cursor: Place?

    package init(width: Int, height: Int) {
        self.width = max(1, width)
        self.height = max(1, height)
        cells = Array(repeating: Cell(), count: self.width * self.height)
    }

    package subscript(row: Int, column: Int) -> Cell { cells[row * width + column] }

    /// Writes one line of text. What does not fit ends with `…`.
    /// - Parameters:
    ///   - limit: most columns to use; nil for the rest of the row.
    /// - Returns: the columns that the text takes.
    @discardableResult
    package mutating func put(
        _ text: String, row: Int, column: Int, limit: Int? = nil, style: CellStyle = CellStyle()
    ) -> Int {
        let room = min(limit ?? .max, width - column)
        guard row >= 0, row < height, column >= 0, room > 0 else { return 0 }
        var used = 0
        for character in TextWidth.fit(TextWidth.safe(text), room) {
            let columns = CharacterWidth.of(character)
            guard columns > 0 else { continue }
            guard used + columns <= room else { break }
            set(
                Cell(text: CharacterWidth.shown(character), width: columns, style: style), row: row,
                column: column + used)
            used += columns
        }
        return used
    }

    /// Sets the style of cells and keeps their text.
    package mutating func restyle(row: Int, columns: Range<Int>, _ change: (inout CellStyle) -> Void) {
        guard row >= 0, row < height else { return }
        for column in columns.clamped(to: 0..<width) { change(&cells[row * width + column].style) }
    }

    private mutating func set(_ cell: Cell, row: Int, column: Int) {
        let place = row * width + column
        // Half of a wide character is not drawn.
        if cells[place].width == 0, column > 0 { cells[place - 1] = Cell(style: cells[place - 1].style) }
        let last = place + cell.width - 1
        if column + cell.width < width, cells[last + 1].width == 0 {
            cells[last + 1] = Cell(style: cells[last + 1].style)
        }
        cells[place] = cell
        if cell.width == 2 { cells[place + 1] = Cell(text: " ", width: 0, style: cell.style) }
    }

    /// The characters without styles, a line for each row, without blanks at the ends of lines.
    package var text: String {
        (0..<height).map { row in
            var line = ""
            for cell in cells[row * width..<(row + 1) * width] where cell.width > 0 { line.append(cell.text) }
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}

/// The look of a cell. Bold, reverse and underline are used where a colour alone would carry a meaning.
package struct CellStyle: Sendable, Equatable {
    package var role: Style.Role?
    package var isBold = false
    package var isReversed = false
    package var isUnderlined = false
    /// The address that a click opens (OSC 8); nil for none.
    package var link: String?

    package init(
        _ role: Style.Role? = nil, isBold: Bool = false, isReversed: Bool = false, isUnderlined: Bool = false,
        link: String? = nil
    ) {
        self.role = role
        self.isBold = isBold
        self.isReversed = isReversed
        self.isUnderlined = isUnderlined
        self.link = link
    }
}
