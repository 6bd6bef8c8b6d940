/// What a plan's run may come to, under several ways of landing.
package struct ForecastReport: Sendable {
    /// One way of landing.
    package struct Row: Sendable {
        package var landing: String
        /// Seconds of the run in the middle.
        package var seconds: Double
        /// Seconds within which nine in ten runs end.
        package var longest: Double
        package var landed: Int
        package var setAside: Int
        package var workers: Int
        package var verifies: Int

        package init(
            landing: String, seconds: Double, longest: Double, landed: Int, setAside: Int, workers: Int, verifies: Int
        ) {
            self.landing = landing
            self.seconds = seconds
            self.longest = longest
            self.landed = landed
            self.setAside = setAside
            self.workers = workers
            self.verifies = verifies
        }
    }

    package var headline: String
    package var rows: [Row]

    package init(headline: String, rows: [Row]) {
        self.headline = headline
        self.rows = rows
    }

    package func text(_ layout: Layout) -> String {
        var table = TextTable()
        table.add(
            .init("landing"), .init("time"), .init("9 of 10 within"), .init("landed"), .init("set aside"),
            .init("workers"), .init("verifies"))
        for row in rows {
            table.add(
                .init(row.landing), .init(TimeText.span(row.seconds)), .init(TimeText.span(row.longest)),
                .init("\(row.landed)"), .init("\(row.setAside)"), .init("\(row.workers)"), .init("\(row.verifies)"))
        }
        return ([headline, ""] + table.lines(layout)).joined(separator: "\n")
    }
}
