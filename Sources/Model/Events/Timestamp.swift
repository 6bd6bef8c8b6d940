/// A moment, in seconds since 1970-01-01T00:00:00Z.
package struct Timestamp: Codable, Sendable, Hashable, Comparable {
    package var seconds: Double

    /// Seconds of some 3000 years. A moment beyond comes from a broken file, and would break calendars.
    private static let bound: Double = 100_000_000_000

    package init(seconds: Double) {
        self.seconds = seconds.isNaN ? 0 : min(max(seconds, -Self.bound), Self.bound)
    }

    package init(from decoder: any Decoder) throws {
        self.init(seconds: try decoder.singleValueContainer().decode(Double.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(seconds)
    }

    package static func < (a: Timestamp, b: Timestamp) -> Bool { a.seconds < b.seconds }
    package static func - (a: Timestamp, b: Timestamp) -> Double { a.seconds - b.seconds }
    package static func + (a: Timestamp, b: Double) -> Timestamp { Timestamp(seconds: a.seconds + b) }
}
