import CCurl

/// The waiting time that a provider asks for in the headers of its answer.
enum RetryAfter {
    /// Reads `retry-after-ms`, else `retry-after` in seconds or as an HTTP date (RFC 9110, 10.2.3).
    ///
    /// - Parameters:
    ///   - headers: by lower-case names.
    ///   - now: seconds since 1970.
    /// - Returns: seconds, never negative; nil without a readable header.
    static func seconds(_ headers: [String: String], now: Double) -> Double? {
        if let text = headers["retry-after-ms"], let value = Double(text), value.isFinite {
            return max(0, value / 1000)
        }
        guard let text = headers["retry-after"] else { return nil }
        if let value = Double(text) { return value.isFinite ? max(0, value) : nil }
        // Reads all three date formats of HTTP. -1 means an unreadable date.
        let date = curl_getdate(text, nil)
        return date == -1 ? nil : max(0, Double(date) - now)
    }
}
