package import ModelAPI

/// What the environment says of the model and of the limits; docs/agent.md has the table.
package struct AgentSettings: Sendable {
    package let role: AgentRole
    package let client: ModelClient
    package let limits: AgentLimits
    package let prices: PriceTable?
    /// Variables that hold secrets: commands do not see them.
    package let secretVariables: Set<String>
    let endpoint: Endpoint

    /// Waits are for whoever runs many agents; see `RetryPolicy`.
    private static let longestWait: Double = 20

    /// - Throws: `ModelError.configuration` naming the variable.
    package init(environment: [String: String]) throws(ModelError) {
        let values = Values(environment: environment)
        guard let dialect = Dialect(rawValue: values["DIALECT"] ?? Dialect.anthropic.rawValue) else {
            throw .configuration("ORCHESTRATE_DIALECT is none of anthropic, chat and responses")
        }
        guard let role = AgentRole(rawValue: values["ROLE"] ?? AgentRole.worker.rawValue) else {
            throw .configuration("ORCHESTRATE_ROLE is none of worker and reviewer")
        }
        self.role = role
        guard let model = values["MODEL"] else { throw .configuration("ORCHESTRATE_MODEL names no model") }
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
        // Without prices the coordinator alone can count.
        limits.usd = try values.number("MAX_USD")
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
            // A server on this machine needs none; others will say so.
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

    /// The variables whose names begin with `ORCHESTRATE_`; an empty one is none.
    private struct Values {
        var environment: [String: String]

        subscript(name: String) -> String? {
            environment["ORCHESTRATE_\(name)"].flatMap { $0.isEmpty ? nil : $0 }
        }

        func number(_ name: String) throws(ModelError) -> Double? {
            guard let text = self[name] else { return nil }
            guard let number = Double(text), number > 0, number.isFinite else {
                throw .configuration("ORCHESTRATE_\(name) is '\(text)', and no number above 0")
            }
            return number
        }

        func count(_ name: String) throws(ModelError) -> Int? {
            guard let number = try number(name) else { return nil }
            guard let count = Int(exactly: number) else {
                throw .configuration("ORCHESTRATE_\(name) is no whole number")
            }
            return count
        }
    }
}
