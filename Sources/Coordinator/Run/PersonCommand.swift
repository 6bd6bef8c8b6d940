import Foundation
import Jobs
package import Model
package import Store

/// A command of a person to a run whose coordinator may or may not be there.
///
/// With a coordinator the command goes through the control spool. Without one it is written to the log under the run's lock,
/// with the decisions that a coordinator would make, so that two people at once take turns.
package struct PersonCommand: Sendable {
    private let state: StateFolder
    private let plan: String
    private let run: RunID

    /// Seconds to wait for a coordinator's answer, or for another person.
    private static let patience = 30.0
    private static let pause = Duration.milliseconds(20)

    package init(_ state: StateFolder, plan: String, run: RunID) {
        self.state = state
        self.plan = plan
        self.run = run
    }

    /// Gives the command.
    /// - Returns: the answer; nil if nobody answered in time, and nothing was done.
    /// - Throws: `StoreError`.
    package func give(_ command: Control.Command) async throws -> ControlSpool.Answer? {
        let spool = ControlSpool(state, plan: plan)
        let deadline = ContinuousClock.now + .seconds(Self.patience)
        var sent: String?
        while ContinuousClock.now < deadline {
            if let sent, let answer = spool.takeAnswer(sent) { return answer }
            if let lock = try lock() {
                defer { withExtendedLifetime(lock) {} }
                // The coordinator may have answered just before it ended.
                if let sent, let answer = spool.takeAnswer(sent) { return answer }
                let id =
                    sent
                    ?? "\(Int64(Date().timeIntervalSince1970 * 1_000_000))-\(ProcessInfo.processInfo.processIdentifier)"
                let answer = try write(Control(id: id, command: command))
                if let sent { spool.takeBack(sent) }
                return answer
            }
            if sent == nil { sent = try spool.send(command) }
            try await Task.sleep(for: Self.pause)
        }
        if let sent { spool.takeBack(sent) }
        return nil
    }

    private final class Held: Sendable {
        private let lock: RunLock
        init(_ lock: consuming RunLock) { self.lock = lock }
    }

    /// Takes the lock of the plan; nil while another process has it.
    private func lock() throws(StoreError) -> Held? {
        do {
            return Held(try RunLock(folder: state.path, plan: plan))
        } catch {
            if case .locked = error { return nil }
            throw error
        }
    }

    /// Appends the command and what the scheduler makes of it, all or nothing.
    private func write(_ control: Control) throws -> ControlSpool.Answer {
        let store = try EventStore(path: state.store)
        let events = try store.read { try $0.events(of: run) }
        for case .decision(.answer(let answer)) in events.map(\.body) where answer.command == control.id {
            return .init(isAccepted: answer.isAccepted, text: answer.text)
        }
        guard var fold = RunFold(events) else {
            return .init(isAccepted: false, text: "the log of \(run) has no start event")
        }
        var bodies: [LoggedEvent.Body] = []
        // Without this, a coordinator that was killed would count as there, and work would be decided that nobody does.
        if let process = Recovery.lost(in: events) {
            bodies.append(.fact(.coordinatorLost(processID: process)))
            fold.take(.coordinatorLost(processID: process))
        }
        let decisions = fold.take(.control(control))
        bodies += [.fact(.control(control))] + decisions.map { .decision($0) }
        _ = try store.append(bodies, run: run, time: .now)
        CrashPoint.stored.pass()
        for case .answer(let answer) in decisions {
            return .init(isAccepted: answer.isAccepted, text: answer.text)
        }
        return .init(isAccepted: false, text: "the command had no answer")
    }
}
