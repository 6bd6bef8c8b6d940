import Foundation
import Model

/// Tokens, money, requests and time, as people read them.
enum UsageText {
    /// What is counted besides tokens and money.
    struct Counted {
        /// Requests to models.
        var requests: Int
        /// Seconds; nil to leave them out.
        var workerTime: Double?
    }

    /// Limits that stand beside the figures.
    struct Limits {
        var usd: Double?
        var tokens: Int?
        var requests: Int?
        /// Seconds.
        var workerTime: Double?

        init(_ budget: Budget) {
            (usd, tokens, requests, workerTime) = (budget.usd, budget.tokens, budget.requests, budget.workerTime)
        }

        init(_ budget: AttemptBudget?) {
            (usd, tokens, requests, workerTime) =
                (budget?.usd, budget?.tokens, budget?.requests, budget?.workerTime)
        }
    }

    /// `0.50 of 40.00 USD, 3,100 tokens, 4 of 6 requests, worker time 12.0 s of 10 m 00 s`; nil if there is nothing to say.
    ///
    /// Marks a limit in money or tokens to which the worker reports nothing.
    static func words(_ usage: Usage?, _ counted: Counted, limits: Limits) -> String? {
        var parts: [String] = []
        let silent = counted.requests > 0 ? " (none reported)" : ""
        if let usd = usage?.usd {
            parts.append("\(money(usd))\(limits.usd.map { " of \(money($0))" } ?? "") USD")
        } else if let limit = limits.usd {
            parts.append("0 of \(money(limit)) USD\(silent)")
        }
        if let usage {
            let limit = limits.tokens.map { " of \(grouped($0))" } ?? ""
            parts.append("\(grouped(usage.tokens))\(limit) token\(usage.tokens == 1 && limit.isEmpty ? "" : "s")")
            if usage.cachedTokens > 0 { parts.append("\(grouped(usage.cachedTokens)) of them cached") }
        } else if let limit = limits.tokens {
            parts.append("0 of \(grouped(limit)) tokens\(silent)")
        }
        if let limit = limits.requests {
            parts.append("\(grouped(counted.requests)) of \(Count.text(limit, "request"))")
        } else if counted.requests > 0 {
            parts.append(Count.text(counted.requests, "request"))
        }
        if let time = counted.workerTime, limits.workerTime != nil || counted.requests > 0 {
            let limit = limits.workerTime.map { " of \(TimeText.span($0))" } ?? ""
            parts.append("worker time \(TimeText.span(time))\(limit)")
        }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    /// `1.20 USD, 45,000 tokens, 30,000 of them cached`; without the money where no worker reports it.
    static func words(_ usage: Usage) -> String {
        var parts: [String] = []
        if let usd = usage.usd { parts.append("\(money(usd)) USD") }
        parts.append("\(grouped(usage.tokens)) token\(usage.tokens == 1 ? "" : "s")")
        if usage.cachedTokens > 0 { parts.append("\(grouped(usage.cachedTokens)) of them cached") }
        return parts.joined(separator: ", ")
    }

    static func money(_ usd: Double) -> String { String(format: usd < 0.1 ? "%.4f" : "%.2f", usd) }

    /// A number with two significant digits.
    static func rounded(_ number: Double) -> String {
        guard number >= 100, number < 1e15 else { return grouped(Int(min(max(0, number), 1e15))) }
        let unit = pow(10, (log10(number)).rounded(.down) - 1)
        return grouped(Int((number / unit).rounded() * unit))
    }

    /// With a comma between thousands, whatever the locale is.
    private static func grouped(_ number: Int) -> String {
        var digits = Array(String(number))
        var place = digits.count - 3
        while place > 0 {
            digits.insert(",", at: place)
            place -= 3
        }
        return String(digits)
    }
}
