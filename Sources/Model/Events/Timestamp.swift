/// A moment, in seconds since 1970-01-01T00:00:00Z.
package struct Timestamp: Codable, Sendable, Hashable, Comparable {
    package var seconds: Double

    package init(seconds: Double) { self.seconds = seconds }

    package init(from decoder: any Decoder) throws {
        seconds = try decoder.singleValueContainer().decode(Double.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(seconds)
    }

    package static func < (a: Timestamp, b: Timestamp) -> Bool { a.seconds < b.seconds }
    package static func - (a: Timestamp, b: Timestamp) -> Double { a.seconds - b.seconds }
    package static func + (a: Timestamp, b: Double) -> Timestamp { Timestamp(seconds: a.seconds + b) }
}
