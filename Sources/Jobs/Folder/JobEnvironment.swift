/// The environment variables of a job or a check, and the values that must not appear in a log.
package struct JobEnvironment: Sendable, Equatable {
    package var variables: [String: String]
    /// Values that are replaced in logs.
    package var secrets: [Secret]
    /// The entries of the plan that the variables were made from, in the order in which they apply.
    package private(set) var entries: [String]

    package struct Secret: Sendable, Equatable {
        /// Name of the variable.
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package init(variables: [String: String], secrets: [Secret] = [], entries: [String] = []) {
        self.variables = variables
        self.secrets = secrets
        self.entries = entries
    }

    /// Names that the plan passes on or sets, sorted; a name may have no value.
    package var plannedNames: [String] { Set(entries.map { String($0.prefix { $0 != "=" }) }).sorted() }
}

/// The coordinator's own environment, from which the environments of jobs and checks are made.
package struct BaseEnvironment: Sendable {
    private let coordinator: [String: String]
    /// Secrets that a job may see in other ways than through its environment.
    private var known: [JobEnvironment.Secret] = []

    private static let passed: Set<String> = [
        "PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "USER", "LOGNAME", "SHELL", "TERM",
    ]
    private static let secretWords = ["KEY", "TOKEN", "SECRET", "PASSWORD"]
    /// Bytes. Shorter values would match inside ordinary words.
    private static let shortestSecret = 8

    /// - Parameter coordinator: the coordinator's whole environment, as the command line received it.
    package init(coordinator: [String: String]) {
        self.coordinator = coordinator
    }

    /// Returns an environment that treats some values as secrets of every job.
    package func knowing(_ secrets: [JobEnvironment.Secret]) -> BaseEnvironment {
        var result = self
        result.known += secrets
        return result
    }

    /// The home directory of the person who runs the coordinator.
    package var home: String? { coordinator["HOME"] }

    /// Makes the environment of a job or a check. This is the only place that merges environments.
    ///
    /// Later entries override earlier ones, `own` entries override `general` ones, and `ORCHESTRATE_*` variables of
    /// the place override both.
    ///
    /// `GIT_*` is never passed on, not even by name: `GIT_DIR` of a coordinator that was started from a hook would make
    /// every git command of a job work on the user's repository. `NAME=value` can still set such a variable.
    ///
    /// - Parameters:
    ///   - general: entries that hold for all workers or all checks of the plan. `NAME` passes a variable of the
    ///     coordinator on if it is set, `NAME=value` sets one.
    ///   - own: entries of this worker or check.
    ///   - place: where the process runs; nil to leave out the `ORCHESTRATE_*` variables.
    package func environment(general: [String] = [], own: [String] = [], place: JobPlace?) -> JobEnvironment {
        var result = JobEnvironment(
            variables: coordinator.filter { Self.passed.contains($0.key) || $0.key.hasPrefix("LC_") }, secrets: known,
            entries: general + own)
        for entry in result.entries {
            let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let name = parts[0]
            let value = parts.count > 1 ? parts[1] : name.hasPrefix("GIT_") ? nil : coordinator[name]
            guard let value else { continue }
            result.variables[name] = value
            if Self.isSecret(name: name, value: value) {
                result.secrets.append(.init(name: name, value: value))
            }
        }
        if let place { result.variables.merge(place.variables) { $1 } }
        return result
    }

    /// Returns whether the name of a variable says that its value is a secret.
    package static func isSecret(name: String, value: String) -> Bool {
        let upper = name.uppercased()
        return value.utf8.count >= shortestSecret && secretWords.contains { upper.contains($0) }
    }
}
