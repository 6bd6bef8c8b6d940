import Model

/// The graph as one HTML file that only needs a browser.
///
/// The page contains text of the repository as data only: JSON in a script element that browsers do not run. The page's
/// own script reads it and shows it as text or on a canvas. A policy forbids the page to load anything, and to run a
/// script without its nonce, the commit's id, which the author of a file in that commit cannot know.
struct GraphPage {
    private let report: GraphReport
    /// What the page leaves out; empty if it has everything.
    private let note: String

    init(_ report: GraphReport, limit: GraphReport.PageLimit = .init()) {
        let fitted = report.fitted(limit)
        self.report = fitted?.report ?? report
        note = fitted?.note ?? ""
    }

    func html() -> [UInt8] {
        let nonce = report.commit.hex
        var page = Array(
            """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
            style-src 'nonce-\(nonce)'; script-src 'nonce-\(nonce)'">
            <title>Dependency graph</title>
            <style nonce="\(nonce)">
            \(Self.style)
            </style>
            </head>
            \(Self.body)
            <script type="application/json" id="graph">

            """.utf8)
        page += GraphPageData(report, note: note).json()
        page += Array(
            """

            </script>
            <script nonce="\(nonce)">
            "use strict";
            \(Self.modelScript)
            \(Self.layoutScript)
            \(Self.drawingScript)
            \(Self.panelScript)
            \(Self.inputScript)
            </script>
            </body>
            </html>

            """.utf8)
        return page
    }
}
