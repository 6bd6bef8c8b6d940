/// The phase that a task was in last, as one line of a file: for programs that watch a run from outside.
package struct PhaseRecord: Sendable, Equatable {
    package var phase: RunPhase
    package var time: Timestamp

    package init(phase: RunPhase, time: Timestamp) {
        self.phase = phase
        self.time = time
    }

    /// - Returns: nil for a text of another program or version.
    package init?(_ text: String) {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count == 2, let phase = RunPhase(rawValue: String(words[0])), let seconds = Double(words[1]) else {
            return nil
        }
        self.init(phase: phase, time: Timestamp(seconds: seconds))
    }

    package var text: String { "\(phase.rawValue) \(time.seconds)\n" }

    /// The file of a task, in the folder of its jobs, which no worker can write to.
    package static let fileName = "phase"
}
