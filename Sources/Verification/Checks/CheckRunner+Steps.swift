import Jobs
import Model

extension CheckRunner {
    /// One command of a list of checks.
    struct Step: Sendable {
        var check: Check
        /// nil if its placeholders could not be filled in.
        var command: String?
        private var reason: String

        /// - Parameter reason: why `command` is nil.
        init(check: Check, command: String?, unwritable reason: String = "") {
            self.check = check
            self.command = command
            self.reason = reason
        }

        /// The result of a step without a command. It is a failure: the same files would give it again.
        var unwritable: CheckResult {
            CheckResult(
                name: check.name, command: check.run, outcome: .failed, status: 126, seconds: 0, digest: reason)
        }
    }

    /// Returns the commands of checks.
    ///
    /// - Parameter job: absolute path of the job folder; nil for none.
    static func steps(
        of checks: [Check], files: [String], tests: [String], task: TaskID?, job: String?
    ) -> [Step] {
        checks.flatMap { check in
            do {
                return try CommandTemplate(check.run).expand(
                    files: files, task: task ?? TaskID(""), job: job, tests: check.affected?.selection ?? tests,
                    needsTests: check.affected == nil
                ).map { Step(check: check, command: $0) }
            } catch {
                return [Step(check: check, command: nil, unwritable: "\(error)")]
            }
        }
    }

    static func cancelled(_ step: Step) -> CheckResult {
        CheckResult(
            name: step.check.name, command: step.command ?? step.check.run, outcome: .infrastructure, status: 0,
            seconds: 0, digest: "cancelled")
    }

    /// The keys of a step's verdicts.
    struct Keys: Sendable {
        /// The key under which a new verdict is stored.
        var own: String
        /// The keys of verdicts that answer, the best first.
        var answering: [String]
    }

    /// Returns the keys of steps; nil without a cache or a known tree, or if one of the steps has no command.
    func keys(of steps: [Step], on subject: Subject?, job: JobPlace) -> [Keys]? {
        guard let subject, let fingerprint = cache?.fingerprint else { return nil }
        var keys: [Keys] = []
        for step in steps {
            guard let command = step.command else { return nil }
            let environment = environment(of: step.check, at: job).variables
            let sandbox = sandbox?.sandbox(writable: [], network: step.check.network, path: environment["PATH"])
            let landing = fingerprint.key(
                tree: subject.tree, command: command, environment: environment, sandbox: sandbox,
                limits: step.check.limits, setup: subject.setup, executor: step.check.executor)
            let inSlot = Fingerprint.inSlot(landing)
            keys.append(
                subject.isLanding
                    ? Keys(own: landing, answering: [landing]) : Keys(own: inSlot, answering: [landing, inSlot]))
        }
        return keys
    }

    /// Returns the key of a list of checks as a whole.
    static func listKey(of keys: [Keys], keepGoing: Bool) -> String {
        return (["\(keepGoing)"] + keys.map(\.own)).joined(separator: "\n")
    }

    /// Returns a check's name as a part of a file name.
    static func fileName(_ name: String) -> String {
        let letters = name.unicodeScalars.map { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)) ? scalar : "-"
        }
        return String(String.UnicodeScalarView(letters).prefix(60))
    }
}
