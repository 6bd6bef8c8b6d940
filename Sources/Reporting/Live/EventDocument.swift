import Foundation
package import Model

/// An event of a run as a line of JSON, described in `docs/output.md`.
package struct EventDocument: Encodable, Sendable {
    package static let version = 1

    private var version = Self.version
    private var sequence: Int64
    private var run: String
    private var time: Double
    /// What happened, such as `landed` or `attempt-failed`.
    private var event: String
    private var task: String?
    private var text: String

    package init(_ event: LoggedEvent) {
        let words = EventText(event.body)
        sequence = event.sequence
        run = event.run.rawValue
        time = event.time.seconds
        self.event = words.word.replacing(" ", with: "-")
        task = words.task?.rawValue
        text = words.detail
    }

    /// One line without a newline.
    package var json: String {
        (try? DocumentJSON.line(self)) ?? "{}"
    }
}
