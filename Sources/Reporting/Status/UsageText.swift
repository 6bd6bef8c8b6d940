import Foundation
import Model

/// Tokens and money, as people read them.
enum UsageText {
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
