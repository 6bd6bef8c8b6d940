/// The part of a long list that a screen shows, moved as little as possible to hold the selected line.
package struct ScrollWindow: Sendable, Equatable {
    /// The first line that is shown.
    package var top = 0

    package init(top: Int = 0) { self.top = top }

    /// Returns the lines that are shown.
    /// - Parameters:
    ///   - selected: the line that must be among them; nil for none.
    ///   - count: lines of the list.
    ///   - height: lines of the screen.
    package mutating func lines(around selected: Int?, count: Int, height: Int) -> Range<Int> {
        let height = max(0, height)
        if let selected {
            if selected < top { top = selected }
            if selected >= top + height { top = selected - height + 1 }
        }
        top = max(0, min(top, count - height))
        return top..<min(count, top + height)
    }
}

/// Widths of columns that share a line. Each gets its smallest width; what is left goes to the columns that need more.
package struct ColumnWidths: Sendable {
    package struct Column: Sendable {
        package var least: Int
        package var most: Int

        /// - Parameters:
        ///   - least: the column is left out where it cannot have so many columns.
        ///   - most: what it can use.
        package init(least: Int, most: Int) {
            self.least = least
            self.most = max(least, most)
        }
    }

    /// Returns the width of each column; 0 for one that is left out. The first columns matter most.
    /// - Parameters:
    ///   - room: columns of the terminal.
    ///   - gap: blank columns between two.
    package static func share(_ room: Int, among columns: [Column], gap: Int = 1) -> [Int] {
        var widths = columns.map { _ in 0 }
        var left = room
        for (index, column) in columns.enumerated() {
            let needed = column.least + (index == 0 ? 0 : gap)
            guard needed <= left else { break }
            widths[index] = column.least
            left -= needed
        }
        for (index, column) in columns.enumerated() where widths[index] > 0 {
            let more = min(left, column.most - widths[index])
            widths[index] += more
            left -= more
        }
        return widths
    }
}
