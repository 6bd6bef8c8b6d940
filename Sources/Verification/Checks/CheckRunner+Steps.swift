import Jobs
import Model

extension CheckRunner {
    /// One command of a list of checks.
    struct Step: Sendable {
        var check: Check
        /// nil if it could not be written out.
        var command: String?
        private var reason: String

        init(check: Check, command: String?, unwritable reason: String) {
            self.check = check
            self.command = command
            self.reason = reason
        }

        /// Not the machine's fault: the same files would give the same again.
        var unwritable: CheckResult {
            CheckResult(
                name: check.name, command: check.run, outcome: .failed, status: 126, seconds: 0, digest: reason)
        }
    }

    static func steps(
        of checks: [Check], _ files: [String], _ tests: [String], _ task: TaskID?, _ job: String?
    ) -> [Step] {
        checks.flatMap { check in
            do {
                return try CommandTemplate(check.run).expand(
                    files: files, task: task ?? TaskID(""), job: job, tests: tests
                ).map { Step(check: check, command: $0, unwritable: "") }
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

    /// By what a step's verdict is found again.
    struct Keys: Sendable {
        /// The key of what is found now.
        var own: String
        /// Those of verdicts that answer, the best first.
        var answering: [String]
    }

    /// - Returns: nil if a command could not be written out.
    func keys(of steps: [Step], _ subject: Subject, _ job: JobPlace, _ cache: VerdictCache) -> [Keys]? {
        var keys: [Keys] = []
        for step in steps {
            guard let command = step.command else { return nil }
            let given = base.environment(general: allowed, own: step.check.environment, place: job)
            let environment = given.variables
            let network = step.check.network
            let path = environment["PATH"]
            // The same for all checks with the same of these, and long.
            let cage = cache.fingerprint.cage("\(String(describing: network)) \(path ?? "")") {
                String(describing: sandbox?.sandbox(writable: [], network: network, path: path))
            }
            let clean = cache.fingerprint.key(
                tree: subject.tree, command: command, allowed: given.entries, environment: environment,
                cage: "\(cage) \(step.check.limits)")
            let dirty = Fingerprint.inSlot(clean)
            keys.append(
                Keys(own: subject.isClean ? clean : dirty, answering: subject.wantsClean ? [clean] : [clean, dirty]))
        }
        return keys
    }

    /// The key of a list as a whole.
    static func list(_ keys: [Keys], _ subject: Subject, _ keepGoing: Bool) -> String {
        let kind = "\(subject.wantsClean) \(subject.isClean) \(keepGoing)"
        return ([kind] + keys.map(\.own)).joined(separator: "\n")
    }

    /// A check's name as part of a file name.
    static func fileName(_ name: String) -> String {
        let letters = name.unicodeScalars.map { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)) ? scalar : "-"
        }
        return String(String.UnicodeScalarView(letters).prefix(60))
    }
}
