import Model
import Reporting

/// Events as lines, for people or as JSON.
struct EventPrinter {
    private let isJSON: Bool
    private var progress: ProgressLines

    init(isJSON: Bool, clockOffset: Int) {
        self.isJSON = isJSON
        progress = ProgressLines(clockOffset: clockOffset)
    }

    mutating func lines(for events: [LoggedEvent]) -> [String] {
        events.flatMap { event in
            let lines = progress.lines(for: event)
            return isJSON ? [EventDocument(event).json] : lines
        }
    }

    /// What a person who joins a run sees first.
    func summary(_ run: RunID) -> String { "watching \(run)  \(progress.tally)" }
}
