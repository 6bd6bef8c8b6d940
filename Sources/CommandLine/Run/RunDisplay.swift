import Coordinator
import Dispatch
import Foundation
import Model
import Reporting
import Synchronization

/// Shows a run while it goes on: a picture that is redrawn on a terminal, a line for each event elsewhere.
///
/// Everything goes to standard error; standard output is for what the run comes to.
final class RunDisplay: RunObserver {
    private enum Mode { case quiet, lines, live }

    private struct State {
        var lines: ProgressLines
        var picture: RunPicture?
        /// Lines of the picture that is on the terminal now.
        var drawn = 0
        var isOver = false
    }

    private let mode: Mode
    private let state: Mutex<State>

    /// Often enough to be smooth for the eye, and cheap.
    private static let framesPerSecond = 8

    init(_ options: DisplayOptions) {
        mode = options.quiet ? .quiet : options.plain || !Terminal.isInteractive ? .lines : .live
        state = Mutex(State(lines: ProgressLines(clockOffset: TimeZone.current.secondsFromGMT())))
    }

    /// Redraws the picture for as long as the result lives; nil where there is none to redraw.
    func animate() -> (any DispatchSourceTimer)? {
        guard mode == .live else { return nil }
        let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "display"))
        timer.setEventHandler { self.draw() }
        timer.schedule(deadline: .now(), repeating: 1.0 / Double(Self.framesPerSecond))
        timer.resume()
        return timer
    }

    func began(_ run: RunID, tasks: [MigrationTask], events: [LoggedEvent], leftovers: Int) {
        if leftovers > 0, mode != .quiet {
            Terminal.say("note: ended \(leftovers) processes that an earlier orchestrate had left running")
        }
        state.withLock { state in
            for event in events { _ = state.lines.lines(for: event) }
            state.picture = RunPicture(run, tasks: tasks, started: events.first?.time ?? .now)
            for event in events { state.picture?.take(event) }
        }
    }

    func happened(_ events: [LoggedEvent], counts: [TaskState: Int]) {
        let lines = state.withLock { state in
            state.picture?.snapshot.counts = counts
            for event in events { state.picture?.take(event) }
            return events.flatMap { state.lines.lines(for: $0) }
        }
        if mode == .lines, !lines.isEmpty { Terminal.say(lines.joined(separator: "\n")) }
    }

    func entered(_ phase: RunPhase, task: TaskID) {
        state.withLock { $0.picture?.enter(phase, task: task, at: .now) }
    }

    /// Takes the picture away; what follows is written below what was there before.
    func end() {
        guard mode == .live else { return }
        let text = state.withLock { state in
            state.isOver = true
            return Self.erase(&state)
        }
        Terminal.write(text, to: FileHandle.standardError.fileDescriptor, lineBreak: false)
    }

    private func draw() {
        let size = Terminal.size
        let view = ProgressView(
            width: size.columns - 1, height: size.rows - 1,
            style: Style(isColored: Terminal.coloured(FileHandle.standardError.fileDescriptor)))
        let text = state.withLock { state -> String in
            guard !state.isOver, let snapshot = state.picture?.current(at: .now) else { return "" }
            let picture = view.draw(snapshot, now: .now)
            defer { state.drawn = picture.split(separator: "\n", omittingEmptySubsequences: false).count }
            return Self.erase(&state) + picture + "\n"
        }
        if !text.isEmpty {
            Terminal.write(text, to: FileHandle.standardError.fileDescriptor, lineBreak: false)
        }
    }

    /// To the first line of the picture, and everything below it cleared (ECMA-48: CUU, ED).
    private static func erase(_ state: inout State) -> String {
        defer { state.drawn = 0 }
        return state.drawn == 0 ? "" : "\u{1B}[\(state.drawn)A\r\u{1B}[J"
    }
}
