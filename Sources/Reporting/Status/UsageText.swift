import Foundation
import Model

/// Tokens and money, as people read them.
enum UsageText {
    /// `1.20 USD, 45,000 tokens, 30,000 of them cached`; without the money where no worker reports it.
    static func words(_ usage: Usage) -> String {
        var parts: [String] = []
        if let usd = usage.usd { parts.append("\(String(format: usd < 0.1 ? "%.4f" : "%.2f", usd)) USD") }
        parts.append("\(grouped(usage.tokens)) token\(usage.tokens == 1 ? "" : "s")")
        if usage.cachedTokens > 0 { parts.append("\(grouped(usage.cachedTokens)) of them cached") }
        return parts.joined(separator: ", ")
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
