/// What `orchestrate job run` leaves beside the order.
package struct JobResult: Codable, Sendable, Equatable {
    package static let currentVersion = 2

    package var version = currentVersion
    /// The token of the order.
    package var token: String
    package var ending: Ending
    /// Name of the machine, for people.
    package var host: String
    /// Seconds of wall time, including the fetch of the base and the set-up.
    package var seconds: Double

    package enum Ending: Codable, Sendable, Equatable {
        /// The attempt ended with this fact. Its commit is in `result.bundle`, if it has one.
        case attempt(Fact)
        /// What the checks found, in order, as far as they ran.
        case checks([CheckTurn])
        /// The set-up of the slot failed on the commit, with this result, so no check ran.
        case notSetUp(CheckResult)
        case cancelled
        /// The machine could not carry out the order; the text is for people.
        case broken(reason: String)
    }

    package static let fileName = "result.json"
    /// The Git bundle with the commit of the work, whose prerequisite is the base.
    package static let bundleName = "result.bundle"
    package init(token: String, ending: Ending, host: String, seconds: Double) {
        self.token = token
        self.ending = ending
        self.host = host
        self.seconds = seconds
    }
}

/// A check as it ran, before failures of the base are taken into account.
package struct CheckTurn: Codable, Sendable, Equatable {
    package var result: CheckResult
    /// How often its command ran.
    package var runs: Int

    package init(result: CheckResult, runs: Int) {
        self.result = result
        self.runs = runs
    }
}

/// One line of the file `news` of a running order, in the order in which things happened.
package enum JobNews: Codable, Sendable, Equatable {
    case phase(String)
    case fact(Fact)

    package static let fileName = "news"

    /// Returns the fact, if a machine may report it about the attempt: it changes what is shown and stored about the
    /// attempt, and decides nothing.
    package func report(of task: TaskID, attempt: Int) -> Fact? {
        guard case .fact(let fact) = self else { return nil }
        switch fact {
        case .workerStarted(let told) where told.task == task && told.attempt == attempt: return fact
        case .reviewStarted(let told) where told.task == task && told.attempt == attempt: return fact
        case .usage(let told) where told.task == task && told.attempt == attempt: return fact
        default: return nil
        }
    }
}
