/// What a slot gets beside the files of its commit.
package struct SetupRules: Codable, Sendable, Hashable {
    /// Commands that prepare a slot, in order.
    package var steps: [SetupStep]
    /// Globs of files of the user's checkout that Git ignores and that slots get a copy of.
    package var copy: [String]

    package init(steps: [SetupStep] = [], copy: [String] = []) {
        self.steps = steps
        self.copy = copy
    }

    package var isEmpty: Bool { steps.isEmpty && copy.isEmpty }
}

/// A command that prepares slots. Git must ignore what it makes.
package struct SetupStep: Codable, Sendable, Hashable {
    package var name: String
    /// Shell command.
    package var run: String
    /// Globs. The step runs again for a commit in which one of these files differs. Without globs, it runs once in a run.
    package var inputs: [String]
    /// nil for no network.
    package var network: Network?
    /// Seconds after which the command is stopped and has failed.
    package var timeout: Double
    /// `NAME` passes a variable through, `NAME=value` sets it.
    package var environment: [String]
    /// Folders outside of the slot that the command may read and write: absolute, or `~/` paths in the user's home.
    package var cache: [String]

    package static let defaultTimeout: Double = 1800

    package init(
        name: String, run: String, inputs: [String] = [], network: Network? = nil,
        timeout: Double = SetupStep.defaultTimeout, environment: [String] = [], cache: [String] = []
    ) {
        self.name = name
        self.run = run
        self.inputs = inputs
        self.network = network
        self.timeout = timeout
        self.environment = environment
        self.cache = cache
    }
}

/// The default for logs without the key.
extension KeyedDecodingContainer {
    package func decode(_ type: SetupRules.Type, forKey key: Key) throws -> SetupRules {
        try decodeIfPresent(type, forKey: key) ?? SetupRules()
    }
}
