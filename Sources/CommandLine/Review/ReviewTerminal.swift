import Coordinator
import Foundation
import Git
import Model
import Reporting
import Store

/// The review queue on a terminal, until a person leaves it.
struct ReviewTerminal {
    let chosen: RunChoice.Chosen

    /// Milliseconds after which decisions of other people are looked for.
    private static let rest = 1000
    /// Milliseconds after which a lone escape character is the key.
    private static let escapeRest = 30

    /// - Returns: false where there is no terminal to take.
    func run() async throws -> Bool {
        // What cannot be read is told on the terminal as it is.
        var diffs: [ObjectID: String] = [:]
        let queue = try read(&diffs)
        let known = diffs
        guard let session = TerminalSession() else { return false }
        defer { session.leave() }
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            // Waiting for keys blocks, which a shared thread must not.
            Thread.detachNewThread {
                let input = TerminalInput(descriptor: session.descriptor)
                done.resume(with: Result { try show(queue, known, on: session, input) { false } })
            }
        }
        return true
    }

    /// Shows the queue on a terminal that is taken already, until a person leaves it or nothing is to be shown any more.
    ///
    /// Blocks; to be called on a thread of its own.
    func show(on session: TerminalSession, _ input: TerminalInput, until isOver: () -> Bool) throws {
        var diffs: [ObjectID: String] = [:]
        let queue = try read(&diffs)
        try show(queue, diffs, on: session, input, until: isOver)
    }

    private func show(
        _ first: ReviewQueue, _ known: [ObjectID: String], on session: TerminalSession, _ input: TerminalInput,
        until isOver: () -> Bool
    ) throws {
        var (queue, diffs) = (first, known)
        let isColored = Terminal.isColored(STDOUT_FILENO)
        var decoder = KeyDecoder()
        var screen = ReviewScreen(queue)
        var shown: Grid?
        var signal = try chosen.reader.changeSignal()
        while !isOver() {
            let size = session.size
            let frame = screen.frame(width: size.columns, height: size.rows)
            session.write(frame.update(from: shown, isColored: isColored))
            shown = frame
            let arrival = input.wait(milliseconds: Self.rest)
            if arrival.isClosed { return }
            for key in keys(arrival, &decoder, session, input) {
                switch screen.press(key) {
                case .none: break
                case .quit: return
                case .open(let commit):
                    session.lend { DiffViewer(repository: chosen.repository).show(commit, diffs[commit] ?? "") }
                    shown = nil
                case .decide(let kind, let tasks, let text):
                    let answer = try decide(kind, tasks, text: text, in: queue)
                    queue = try read(&diffs)
                    screen.take(queue)
                    screen.message = OutsideText.line(answer.isAccepted ? answer.text : "refused: \(answer.text)")
                    if answer.isAccepted, kind != .comment, kind != .undo { screen.advance() }
                }
            }
            let change = try chosen.reader.changeSignal()
            if change != signal {
                signal = change
                queue = try read(&diffs)
                screen.take(queue)
            }
        }
    }

    /// Sends a decision and waits for its answer.
    private func decide(
        _ kind: ReviewDecision.Kind, _ tasks: [TaskID], text: String, in queue: ReviewQueue
    ) throws -> ControlSpool.Answer {
        let sender = ReviewSender(chosen: chosen, queue: queue)
        return try BlockingWait.result(of: { try await sender.decide(kind, tasks, text: text) })
    }

    private func keys(
        _ arrival: TerminalInput.Arrival, _ decoder: inout KeyDecoder, _ session: TerminalSession,
        _ input: TerminalInput
    ) -> [Key] {
        guard arrival.hasInput, let bytes = session.read() else { return [] }
        let keys = decoder.take(bytes)
        if !keys.isEmpty { return keys }
        // The rest of a sequence arrives at once; a key on its own does not.
        return input.wait(milliseconds: Self.escapeRest).hasInput ? [] : decoder.flush()
    }

    /// Reads the queue. The changes of a commit never change, so each is read once.
    private func read(_ diffs: inout [ObjectID: String]) throws -> ReviewQueue {
        let repository = chosen.repository
        var known = diffs
        let queue = try ReviewQueue(chosen.reader, run: chosen.run) { id in
            if let diff = known[id] { return diff }
            let diff = try repository.patch(of: id)
            known[id] = diff
            return diff
        }
        diffs = known
        return queue
    }
}
