import Coordinator
import Decomposition
import Foundation
import Git
import Jobs
import PlanFile
import Store

/// How the program ends: the exit code, and what is said on standard error before.
struct Outcome: Error, Sendable {
    /// Documented in `orchestrate --help` and the README.
    enum Code: Int32, Sendable {
        case allGreen = 0
        case notAllGreen = 1
        case planRefused = 2
        case cannotServe = 3
        case stopped = 4
        case locked = 5
        case baselineRed = 6
        case usage = 64
        /// `message`: what was waited for did not come.
        case blocked = 75
        case interrupted = 130
    }

    var code: Code
    var message: String?

    static let done = Outcome(code: .allGreen, message: nil)

    init(code: Code, message: String?) {
        self.code = code
        self.message = message
    }

    /// Translates what a room reports, or returns nil for what is not ours.
    init?(describing error: any Error) {
        switch error {
        case let problems as PlanProblems: self.init(code: .planRefused, message: problems.description)
        case let error as DecompositionError:
            self.init(code: .planRefused, message: Self.worded(error.description))
        case let error as CoordinatorError: self.init(error)
        case let error as LandError: self.init(code: .cannotServe, message: Self.worded(error.description))
        case let error as GitError: self.init(code: .cannotServe, message: Self.worded(error.description))
        case let error as StoreError: self.init(error)
        case let error as JobsError: self.init(code: .cannotServe, message: Self.worded(error.description))
        default: return nil
        }
    }

    private init(_ error: CoordinatorError) {
        switch error {
        case .emptyScope, .integrationIsBase, .listFailed, .listMalformed, .template:
            self.init(code: .planRefused, message: Self.worded(error.description))
        case .baselineRed: self.init(code: .baselineRed, message: Self.worded(error.description))
        case .integrationRewound: self.init(code: .stopped, message: Self.worded(error.description))
        default: self.init(code: .cannotServe, message: Self.worded(error.description))
        }
    }

    private init(_ error: StoreError) {
        let code: Code =
            switch error {
            case .locked: .locked
            case .unknownRun, .unknownTask: .usage
            default: .cannotServe
            }
        self.init(code: code, message: Self.worded(error.description))
    }

    private static func worded(_ text: String) -> String { "error: \(text)" }

    func exit() -> Never {
        if let message { Terminal.say(message) }
        Foundation.exit(code.rawValue)
    }
}
