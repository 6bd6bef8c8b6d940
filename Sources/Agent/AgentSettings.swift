package import ModelAPI

/// The agent's settings from the environment. docs/agent.md has the table.
package struct AgentSettings: Sendable {
    package let role: AgentRole
    package let client: ModelClient
    package let limits: AgentLimits
    package let prices: PriceTable?
    /// Names of variables with secrets, which commands do not see.
    package let secretVariables: Set<String>
    let endpoint: Endpoint

    /// Maximum seconds of one wait. Longer waits are left to the coordinator; see `RetryPolicy`.
    private static let longestWait: Double = 20

    /// - Throws: `ModelError.configuration` with the name of the variable.
    package init(environment: [String: String]) throws(ModelError) {
        let values = Values(environment: environment)
        guard let dialect = Dialect(rawValue: values["DIALECT"] ?? Dialect.anthropic.rawValue) else {
            throw .configuration("ORCHESTRATE_DIALECT must be anthropic, chat or responses")
        }
        guard let role = AgentRole(rawValue: values["ROLE"] ?? AgentRole.worker.rawValue) else {
            throw .configuration("ORCHESTRATE_ROLE must be worker or reviewer")
        }
        self.role = role
        guard let model = values["MODEL"] else { throw .configuration("ORCHESTRATE_MODEL is not set") }
        let keyVariable = values["KEY_VARIABLE"] ?? dialect.defaultKeyVariable
        endpoint = try Endpoint(
            dialect: dialect, baseURL: values["BASE_URL"], model: model,
            key: try Self.key(values, variable: keyVariable, environment), keyHeader: values["KEY_HEADER"],
            headers: try Self.headers(values["HEADERS"]), proxy: values["PROXY"],
            certificates: values["CA_FILE"] ?? environment["SSL_CERT_FILE"])
        var transfer = TransferLimits()
        transfer.firstByte = try values.number("FIRST_BYTE_TIMEOUT") ?? transfer.firstByte
        transfer.idle = try values.number("IDLE_TIMEOUT") ?? transfer.idle
        transfer.total = try values.number("ANSWER_TIMEOUT") ?? transfer.total
        let wait = try values.number("LONGEST_WAIT") ?? Self.longestWait
        client = ModelClient(endpoint, limits: transfer, policy: RetryPolicy(longestWait: wait))
        prices = try values["PRICES"].map { text throws(ModelError) in try PriceTable(parsing: text) }
        var limits = AgentLimits()
        limits.turns = try values.count("MAX_TURNS") ?? limits.turns
        limits.tokens = try values.count("MAX_TOKENS")
        // Without prices, only the coordinator can count the cost.
        limits.usd = try values.number("MAX_USD")
        limits.isContextSet = values["CONTEXT_TOKENS"] != nil
        limits.context = try values.count("CONTEXT_TOKENS") ?? limits.context
        limits.output = try values.count("OUTPUT_TOKENS") ?? limits.output
        limits.command = try values.count("COMMAND_TIMEOUT") ?? limits.command
        limits.checks = try values.number("CHECKS_TIMEOUT") ?? limits.checks
        self.limits = limits
        secretVariables = [
            keyVariable, Dialect.anthropic.defaultKeyVariable, Dialect.chat.defaultKeyVariable,
            "ORCHESTRATE_KEY_FILE", "ORCHESTRATE_HEADERS", "ORCHESTRATE_PROXY",
        ]
    }

    private static func key(
        _ values: Values, variable: String, _ environment: [String: String]
    ) throws(ModelError) -> APIKey? {
        if let path = values["KEY_FILE"] { return try APIKey(file: path) }
        guard let text = environment[variable], !text.isEmpty else {
            // A local server needs no key; others will report that it is missing.
            return nil
        }
        return try APIKey(text)
    }

    /// `Name: value`, one on each line.
    private static func headers(_ text: String?) throws(ModelError) -> [String: String] {
        var headers: [String: String] = [:]
        for line in (text ?? "").split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else {
                throw .configuration("ORCHESTRATE_HEADERS has a line without a colon")
            }
            headers[String(line[..<colon])] = String(line[line.index(after: colon)...].trimmingPrefix { $0 == " " })
        }
        return headers
    }

    /// The variables whose names start with `ORCHESTRATE_`. An empty variable counts as not set.
    private struct Values {
        var environment: [String: String]

        subscript(name: String) -> String? {
            environment["ORCHESTRATE_\(name)"].flatMap { $0.isEmpty ? nil : $0 }
        }

        func number(_ name: String) throws(ModelError) -> Double? {
            guard let text = self[name] else { return nil }
            guard let number = Double(text), number > 0, number.isFinite else {
                throw .configuration("ORCHESTRATE_\(name) must be a number above 0, not '\(text)'")
            }
            return number
        }

        func count(_ name: String) throws(ModelError) -> Int? {
            guard let number = try number(name) else { return nil }
            guard let count = Int(exactly: number) else {
                throw .configuration("ORCHESTRATE_\(name) must be a whole number")
            }
            return count
        }
    }
}
