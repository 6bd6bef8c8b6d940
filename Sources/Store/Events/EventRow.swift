import Foundation
import GRDB
import Model

/// The columns of an event in the log that queries select by.
struct EventRow {
    var isFact: Bool
    var kind: String
    var task: TaskID?
    var candidate: Int?

    init(_ body: LoggedEvent.Body) {
        switch body {
        case .fact(let fact): self.init(fact)
        case .decision(let decision): self.init(decision)
        }
    }

    private init(_ fact: Fact) {
        isFact = true
        switch fact {
        case .runStarted: kind = "run-started"
        case .coordinatorStarted: kind = "coordinator-started"
        case .coordinatorStopped: kind = "coordinator-stopped"
        case .coordinatorLost: kind = "coordinator-lost"
        case .draining: kind = "draining"
        case .workerStarted(let fact): (kind, task) = ("worker-started", fact.task)
        case .reviewStarted(let fact): (kind, task) = ("review-started", fact.task)
        case .foundDone(let fact): (kind, task) = ("found-done", fact.task)
        case .attemptVerified(let fact): (kind, task) = ("attempt-verified", fact.task)
        case .attemptFailed(let fact): (kind, task) = ("attempt-failed", fact.task)
        case .splitProposed(let fact): (kind, task) = ("split-proposed", fact.task)
        case .attemptSplit(let fact): (kind, task) = ("attempt-split", fact.task)
        case .candidatePassed(let fact): (kind, candidate) = ("candidate-passed", fact.candidate)
        case .candidateFailed(let fact): (kind, candidate) = ("candidate-failed", fact.candidate)
        case .probed(let fact): (kind, task) = ("probed", fact.task)
        case .landed(let fact): (kind, candidate) = ("landed", fact.candidate)
        case .tipMoved: kind = "tip-moved"
        case .base: kind = "base"
        case .workerHeld(let fact): (kind, task) = ("worker-held", fact.task)
        case .usage(let fact): (kind, task) = ("usage", fact.task)
        case .waitOver(.retry(let id, _)): (kind, task) = ("wait-over", id)
        case .waitOver(.cooldown), .waitOver(.landing): kind = "wait-over"
        case .control(let control): (kind, task) = ("control", control.command.task)
        case .limitsChanged: kind = "limits-changed"
        case .diskUsed: kind = "disk-used"
        case .workersTimed: kind = "workers-timed"
        case .message(let posted): (kind, task) = ("message", posted.origin?.task)
        case .messagesGiven(let given): (kind, task) = ("messages-given", given.task)
        case .tasksAdded(let added): (kind, task) = ("tasks-added", added.cause)
        case .checked: kind = "checked"
        case .flaky: kind = "flaky"
        case .baselineChecked: kind = "baseline-checked"
        case .finalChecked: kind = "final-checked"
        case .filesProbed: kind = "files-probed"
        }
    }

    private init(_ decision: Decision) {
        isFact = false
        switch decision {
        case .start(let start): (kind, task) = ("start", start.task)
        case .check(let check): (kind, candidate) = ("check", check.candidate)
        case .probe(let probe): (kind, task) = ("probe", probe.task)
        case .dissolve(let dissolve): (kind, candidate) = ("dissolve", dissolve.candidate)
        case .land(let land): (kind, candidate) = ("land", land.candidate)
        case .retry(let retry): (kind, task) = ("retry", retry.task)
        case .fail(let fail): (kind, task) = ("fail", fail.task)
        case .skip(let skip): (kind, task) = ("skip", skip.task)
        case .block(let block): (kind, task) = ("block", block.task)
        case .wait(let wait): (kind, task) = ("wait", wait.task)
        case .follow: kind = "follow"
        case .adopt: kind = "adopt"
        case .checkFinal: kind = "check-final"
        case .finish: kind = "finish"
        case .cooldown: kind = "cooldown"
        case .pauseLanding: kind = "pause-landing"
        case .end(let end): (kind, task) = ("end", end.task)
        case .drain: kind = "drain"
        case .pause: kind = "pause"
        case .proceed: kind = "proceed"
        case .suspend: kind = "suspend"
        case .stop: kind = "stop"
        case .reviewed(let decision):
            kind = "reviewed"
            task = decision.tasks.count == 1 ? decision.tasks[0] : nil
        case .revert(let revert): (kind, task) = ("revert", revert.task.id)
        case .answer: kind = "answer"
        case .split(let split): (kind, task) = ("split", split.task)
        case .join(let join): (kind, task) = ("join", join.task)
        case .cover(let cover): (kind, task) = ("cover", cover.task)
        }
    }
}

extension LoggedEvent.Body {
    /// The fact or decision as JSON. The column `class` tells which of the two it is.
    func payload() throws -> String {
        switch self {
        case .fact(let fact): try StoredJSON.text(fact)
        case .decision(let decision): try StoredJSON.text(decision)
        }
    }
}

/// A row of the log before its payload is decoded.
struct StoredEvent: Sendable {
    static let columns = "SELECT sequence, run, time, class, payload"

    var sequence: Int64
    var run: String
    var time: Double
    var isFact: Bool
    var payload: Data

    /// - Parameter row: of `columns`.
    init(_ row: Row) {
        (sequence, run, time) = (row[0], row[1], row[2])
        isFact = row[3] == "fact"
        payload = row[4]
    }

    func decoded(_ path: String) throws -> LoggedEvent {
        do {
            let decoder = JSONDecoder()
            let body: LoggedEvent.Body =
                isFact
                ? .fact(try decoder.decode(Fact.self, from: payload))
                : .decision(try decoder.decode(Decision.self, from: payload))
            return LoggedEvent(sequence: sequence, run: RunID(run), time: Timestamp(seconds: time), body: body)
        } catch {
            throw StoreError.unreadable(path: path, place: "event \(sequence)", detail: "\(error)")
        }
    }
}

/// JSON as the columns of the store contain it.
enum StoredJSON {
    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func value<T: Decodable>(_ type: T.Type, _ text: String) throws -> T {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }
}
