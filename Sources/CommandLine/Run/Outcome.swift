import Coordinator
import Decomposition
import Foundation
import Git
import Jobs
import PlanFile
import Store

/// The end of the program: the exit code, and the message that goes to standard error before.
struct Outcome: Error, Sendable {
    /// The exit codes, documented in `orchestrate --help` and the README.
    enum Code: Int32, Sendable {
        case done = 0
        /// Some tasks are not done, a final check failed, or the request was refused.
        case notDone = 1
        case planRefused = 2
        case cannotServe = 3
        case stopped = 4
        case locked = 5
        case baselineRed = 6
        case usage = 64
        /// `message`, `split` or `agent` waited in vain.
        case timedOut = 75
        case interrupted = 130
    }

    var code: Code
    var message: String?

    static let done = Outcome(code: .done, message: nil)
    static let stoppedAtOnce = Outcome(code: .interrupted, message: "stopped at once")

    init(code: Code, message: String?) {
        self.code = code
        self.message = message
    }

    /// Translates an error of another target; nil for an error that is not ours.
    init?(describing error: any Error) {
        switch error {
        case let problems as PlanProblems: self.init(code: .planRefused, message: problems.description)
        case let error as DecompositionError:
            self.init(code: .planRefused, message: Self.line(error.description))
        case let error as CoordinatorError: self.init(error)
        case let error as SetupFailure: self.init(code: .cannotServe, message: Self.line(error.description))
        case let error as LandError: self.init(code: .cannotServe, message: Self.line(error.description))
        case let error as GitError: self.init(code: .cannotServe, message: Self.line(error.description))
        case let error as StoreError: self.init(error)
        case let error as JobsError: self.init(code: .cannotServe, message: Self.line(error.description))
        default: return nil
        }
    }

    private init(_ error: CoordinatorError) {
        switch error {
        case .emptyScope, .integrationIsBase, .integrationIsForeign, .cannotStart, .listFailed, .listMalformed,
            .nothingToCopy, .template:
            self.init(code: .planRefused, message: Self.line(error.description))
        case .baselineRed, .blindChecks: self.init(code: .baselineRed, message: Self.line(error.description))
        case .integrationRewound: self.init(code: .stopped, message: Self.line(error.description))
        default: self.init(code: .cannotServe, message: Self.line(error.description))
        }
    }

    private init(_ error: StoreError) {
        let code: Code =
            switch error {
            case .locked: .locked
            case .unknownRun, .unknownTask: .usage
            default: .cannotServe
            }
        self.init(code: code, message: Self.line(error.description))
    }

    private static func line(_ text: String) -> String { "error: \(text)" }

    /// Prints the message and exits. A reader of standard error that has stalled does not keep an interrupted program.
    func exit() -> Never {
        if let message, code != .interrupted || Terminal.isWritable(STDERR_FILENO) { Terminal.say(message) }
        Foundation.exit(code.rawValue)
    }
}
