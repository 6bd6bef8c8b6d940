import Coordinator
import Dispatch
import Foundation
import Git
import Model
import Reporting
import Store
import Synchronization

/// The live view on a terminal, on a thread of its own: keys and changes of the store in, frames and commands out.
///
/// Nothing that it does can hold up a run: it reads the store as another process would, and writes to the control spool.
final class LiveLoop: Sendable {
    /// What other threads tell it.
    private struct Mail {
        var isEnding = false
        /// Results of commands, with whether they are problems.
        var replies: [(text: String, isProblem: Bool)] = []
    }

    private let source: LiveSource
    private let session: TerminalSession
    private let isOwner: Bool
    private let mail = Mutex(Mail())
    private let done = DispatchSemaphore(value: 0)

    /// Milliseconds between two looks for changes of the store, each of which takes some microseconds.
    private static let pause = 250
    /// Milliseconds after which an escape byte is the key Esc.
    private static let escapePause = 40
    /// Seconds between two updates of what attempts are doing, and of ages.
    private static let tick = 1.0

    /// - Parameter isOwner: whether the run works in this program.
    /// - Returns: nil where there is no terminal to take.
    init?(_ source: LiveSource, isOwner: Bool) {
        guard let session = TerminalSession() else { return nil }
        self.source = source
        self.session = session
        self.isOwner = isOwner
    }

    /// Begins to draw.
    func start() {
        Thread.detachNewThread {
            self.run()
            self.session.leave()
            self.done.signal()
        }
    }

    /// Ends the view and restores the terminal.
    func end() {
        mail.withLock { $0.isEnding = true }
        TerminalInput.wake()
        // A terminal that takes nothing must not hold up the end of a run.
        _ = done.wait(timeout: .now() + 5)
        done.signal()
    }

    /// Waits until the person has left the view.
    func waitForEnd() {
        done.wait()
        done.signal()
    }

    private func run() {
        let input = TerminalInput(descriptor: session.descriptor)
        var screen = LiveScreen(source: source, isOwner: isOwner)
        var decoder = KeyDecoder()
        while !mail.withLock({ $0.isEnding }) {
            // What a terminal that was busy has of a frame is unknown.
            if !session.write(screen.frame(size: session.size)) { screen.forget() }
            let arrival = input.wait(milliseconds: decoder.isWaiting ? Self.escapePause : Self.pause)
            if arrival.isClosed { return }
            var keys: [Key] = []
            if arrival.hasInput {
                guard let bytes = session.read() else { return }
                keys = decoder.take(bytes)
            } else if decoder.isWaiting {
                keys = decoder.flush()
            }
            for key in keys {
                guard let effect = screen.press(key) else { continue }
                if !carryOut(effect, &screen, input) { return }
            }
            let replies = mail.withLock { mail in
                defer { mail.replies = [] }
                return mail.replies
            }
            for reply in replies { screen.show(reply.text, isProblem: reply.isProblem) }
            screen.refresh(tick: Self.tick)
        }
    }

    /// - Returns: false if the view ends.
    private func carryOut(_ effect: LiveEffect, _ screen: inout LiveScreen, _ input: TerminalInput) -> Bool {
        switch effect {
        case .leave: return false
        case .suspend:
            session.suspend()
            screen.forget()
        case .redraw: screen.forget()
        case .page:
            let text = screen.openText
            session.lend { _ = Pager.show(text) }
            screen.forget()
        case .review:
            do {
                try ReviewTerminal(chosen: source.chosen).show(on: session, input) { mail.withLock { $0.isEnding } }
            } catch {
                screen.show(Outcome(describing: error)?.message ?? "\(error)", isProblem: true)
            }
            screen.forget()
        case .copy(let text):
            session.write(LiveSignals.copy(Data(text.utf8).base64EncodedString()))
            let lines = text.split(separator: "\n").count
            screen.show(lines == 1 ? "copied \(text)" : "copied \(Count.text(lines, "line"))")
        case .answer(let question, let text): answer(question, text)
        case .command(let command):
            screen.show("sent…")
            send(command)
        }
        return true
    }

    private func send(_ command: Control.Command) {
        let chosen = source.chosen
        let canQueue: Bool =
            switch command {
            case .pause, .stop: false
            case .retry: true
            case .proceed, .skip, .prioritise, .approve, .review, .forClass: chosen.canQueueCommands
            }
        let sender = CommandSender(chosen: chosen, canQueue: canQueue)
        Task {
            do {
                let reply = try await sender.deliver(command)
                self.reply(reply.text, isProblem: !reply.isAccepted)
            } catch {
                self.reply(Outcome(describing: error)?.message ?? "\(error)", isProblem: true)
            }
        }
    }

    private func answer(_ question: Int, _ text: String) {
        do {
            try WrittenAnswer(question: question, text: text).put(
                into: source.chosen.state.answers(to: source.chosen.plan.name))
            reply("sent the answer to question \(question)", isProblem: false)
        } catch {
            reply(Outcome(describing: error)?.message ?? "\(error)", isProblem: true)
        }
    }

    private func reply(_ text: String, isProblem: Bool) {
        mail.withLock { $0.replies.append((OutsideText.line(text), isProblem)) }
        TerminalInput.wake()
    }
}

/// The view with its data, and the frame that the terminal shows.
private struct LiveScreen {
    private let source: LiveSource
    private var view: LiveView
    private var data: LiveData?
    private var problem: String?
    private var shown: Grid?
    private var signal: Int?
    private var ticked = Timestamp(seconds: 0)
    /// The part that `data.lines` has.
    private var loaded: LivePart?
    /// Whether the next frame may differ from the one that is shown.
    private var isDirty = true
    /// When the store may be read again.
    private var readable = Timestamp(seconds: 0)
    /// Fraction of the time that is spent on reading the store while a run changes it all the time.
    private static let readingShare = 0.1
    private var told: StatusDocument?
    private let isColored = Terminal.usesColors

    init(source: LiveSource, isOwner: Bool) {
        self.source = source
        view = LiveView(isOwner: isOwner)
        refresh(tick: 0)
    }

    var openText: String { data.map { $0.lines.map(\.text).joined(separator: "\n") } ?? "" }

    mutating func press(_ key: Key) -> LiveEffect? {
        isDirty = true
        guard let data else { return key == .character("q") ? .leave : nil }
        let effect = view.press(key, data)
        load()
        return effect
    }

    mutating func show(_ text: String, isProblem: Bool = false) {
        view.show(text, isProblem: isProblem)
        isDirty = true
        // The next key is about what the command has done.
        readable = Timestamp(seconds: 0)
    }

    /// Draws everything at the next frame.
    mutating func forget() {
        shown = nil
        isDirty = true
    }

    /// The bytes of the next frame; empty if nothing has changed.
    mutating func frame(size: (columns: Int, rows: Int)) -> [UInt8] {
        if size != (view.width, view.height) {
            view.resize(width: size.columns, height: size.rows)
            loaded = nil
            load()
            isDirty = true
        }
        guard isDirty else { return [] }
        isDirty = false
        var bytes: [UInt8] = []
        let grid: Grid
        if let data {
            view.settle(data)
            grid = view.draw(data, now: .now)
            bytes = LiveSignals.bytes(data.document, after: told)
            told = data.document
        } else {
            var waiting = Grid(width: size.columns, height: size.rows)
            waiting.put(problem ?? "", row: 0, column: 0)
            grid = waiting
        }
        bytes += grid.update(from: shown, isColored: isColored)
        shown = grid
        return bytes
    }

    /// Reads the store again if it has changed, and every tick what the attempts are doing.
    mutating func refresh(tick: Double) {
        let now = Timestamp.now
        let isTick = now - ticked >= tick || now < ticked
        do {
            let change = try source.reader.changeSignal()
            let isNews = change != signal || data == nil || (isTick && isOwnerNews)
            if isNews, now >= readable || readable - now > Self.longestPause {
                signal = change
                let document = try source.document()
                readable = .now + (.now - now) / Self.readingShare
                data = LiveData(
                    document: document, lines: data?.lines ?? [], repository: source.chosen.repository.workingDirectory)
                loaded = nil
                isDirty = true
            } else if isTick {
                data?.document.refresh(source.activities)
                if view.part?.grows == true { loaded = nil }
                isDirty = true
            }
            problem = nil
        } catch {
            problem = Outcome(describing: error)?.message ?? "\(error)"
            isDirty = true
        }
        if isTick { ticked = now }
        load()
    }

    /// Seconds after which the store is read again at the latest, also if the clock was set back.
    private static let longestPause = 10.0

    /// Whether a coordinator has begun or ended since the document was made.
    private var isOwnerNews: Bool {
        guard let document = data?.document, document.state == "running" else { return false }
        return (source.chosen.owner != nil) != document.isActive
    }

    private mutating func load() {
        guard data != nil, let part = view.part else { return }
        guard part != loaded else { return }
        data?.lines = source.lines(part, width: view.width)
        loaded = part
        if let data { view.settle(data) }
    }
}

extension LivePart {
    /// Whether the text grows while the store stays as it is.
    fileprivate var grows: Bool {
        switch self {
        case .task(_, .log), .task(_, .transcript): true
        default: false
        }
    }
}
