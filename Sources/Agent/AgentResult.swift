package import Model
package import ModelAPI

/// The result of the agent. docs/agent.md lists the words and the exit statuses.
package enum AgentResult: Sendable, Equatable {
    case success
    /// The model says that it cannot be done.
    case gaveUp
    case refused
    case stuck
    case turnLimit
    case budgetLimit
    /// - Parameter retryAfter: seconds.
    case providerLimit(retryAfter: Double?)
    case unreachable
    case error
    case cancelled

    package init(_ error: ModelError) {
        switch error {
        case .limit(let refusal): self = .providerLimit(retryAfter: refusal.retryAfter)
        case .connection, .silent, .tooSlow, .cutShort: self = .unreachable
        case .cancelled: self = .cancelled
        case .provider, .tooLarge, .malformed, .configuration: self = .error
        }
    }

    /// The word in the event `finished`.
    package var name: String {
        switch self {
        case .success: "success"
        case .gaveUp: "gave-up"
        case .refused: "refused"
        case .stuck: "stuck"
        case .turnLimit: "turn-limit"
        case .budgetLimit: "budget-limit"
        case .providerLimit: "provider-limit"
        case .unreachable: "unreachable"
        case .error: "error"
        case .cancelled: "cancelled"
        }
    }

    package var exitStatus: Int32 {
        switch self {
        case .success: 0
        case .error: 1
        case .gaveUp, .refused: 10
        case .stuck: 11
        case .turnLimit, .budgetLimit: 12
        case .unreachable: 13
        // EX_TEMPFAIL of sysexits.h.
        case .providerLimit: 75
        case .cancelled: 130
        }
    }
}

/// The report of the agent about its work.
package struct AgentReport: Sendable, Equatable {
    package var result: AgentResult
    package var summary: String
    package var reason: String
    /// A reviewer's verdict, as members of `outcome.json`; empty for a worker.
    package var verdict: [String: JSON] = [:]

    package init(_ result: AgentResult, summary: String, reason: String = "") {
        self.result = result
        self.summary = summary
        self.reason = reason
    }
}
