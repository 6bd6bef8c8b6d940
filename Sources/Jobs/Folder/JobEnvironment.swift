/// The variables a job or a check is given, and which of their values must not show up in a log.
package struct JobEnvironment: Sendable, Equatable {
    package var variables: [String: String]
    /// Values that are replaced in logs.
    package var secrets: [Secret]

    package struct Secret: Sendable, Equatable {
        /// Name of the variable.
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package init(variables: [String: String], secrets: [Secret] = []) {
        self.variables = variables
        self.secrets = secrets
    }
}

/// What of the coordinator's own environment reaches the processes it starts.
package struct BaseEnvironment: Sendable {
    private let coordinator: [String: String]

    private static let passed: Set<String> = [
        "PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "USER", "LOGNAME", "SHELL", "TERM",
    ]
    private static let secretWords = ["KEY", "TOKEN", "SECRET", "PASSWORD"]
    /// Shorter values would be found inside ordinary words.
    private static let shortestSecret = 8

    /// - Parameter coordinator: the coordinator's whole environment, as the command line was given it.
    package init(coordinator: [String: String]) {
        self.coordinator = coordinator
    }

    /// The home of the person who runs the coordinator.
    package var home: String? { coordinator["HOME"] }

    /// Puts an environment together; of two entries for one name the later counts.
    ///
    /// `GIT_*` is never passed on, not even by name: `GIT_DIR` of a coordinator that was started from a hook would make
    /// every git command of a job work on the user's repository. `NAME=value` can still set such a variable.
    ///
    /// - Parameters:
    ///   - allowed: `NAME` passes a variable of the coordinator on where it is set, `NAME=value` sets one.
    ///   - place: what `ORCHESTRATE_*` variables tell the process about where it runs; nil for none.
    package func environment(allowed: [String], place: JobPlace?) -> JobEnvironment {
        var result = JobEnvironment(
            variables: coordinator.filter { Self.passed.contains($0.key) || $0.key.hasPrefix("LC_") })
        for entry in allowed {
            let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let name = parts[0]
            let value = parts.count > 1 ? parts[1] : name.hasPrefix("GIT_") ? nil : coordinator[name]
            guard let value else { continue }
            result.variables[name] = value
            if Self.looksSecret(name), value.utf8.count >= Self.shortestSecret {
                result.secrets.append(.init(name: name, value: value))
            }
        }
        if let place { result.variables.merge(place.variables) { $1 } }
        return result
    }

    private static func looksSecret(_ name: String) -> Bool {
        let upper = name.uppercased()
        return secretWords.contains { upper.contains($0) }
    }
}
