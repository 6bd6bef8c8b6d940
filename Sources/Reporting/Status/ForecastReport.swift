/// The forecast of a run of a plan, under several landing policies.
package struct ForecastReport: Sendable {
    /// The forecast under one landing policy.
    package struct Row: Sendable {
        package var landing: String
        /// Median duration of a run, in seconds.
        package var seconds: Double
        /// 90th percentile of the duration, in seconds.
        package var longest: Double
        package var landed: Int
        package var failed: Int
        /// Workers started.
        package var workers: Int
        /// Candidates that were checked.
        package var landingChecks: Int

        package init(
            landing: String, seconds: Double, longest: Double, landed: Int, failed: Int, workers: Int,
            landingChecks: Int
        ) {
            self.landing = landing
            self.seconds = seconds
            self.longest = longest
            self.landed = landed
            self.failed = failed
            self.workers = workers
            self.landingChecks = landingChecks
        }
    }

    package var headline: String
    package var rows: [Row]

    package init(headline: String, rows: [Row]) {
        self.headline = headline
        self.rows = rows
    }

    /// The report for people, without a newline at the end.
    package func text(_ layout: Layout) -> String {
        var table = TextTable()
        table.add(
            .init("landing"), .init("time"), .init("9 of 10 within"), .init("landed"), .init("failed"),
            .init("workers"), .init("checks"))
        for row in rows {
            table.add(
                .init(row.landing), .init(TimeText.span(row.seconds)), .init(TimeText.span(row.longest)),
                .init("\(row.landed)"), .init("\(row.failed)"), .init("\(row.workers)"), .init("\(row.landingChecks)"))
        }
        return ([headline, ""] + table.lines(layout)).joined(separator: "\n")
    }
}
