import Foundation

/// A JSON value of an event. Every access is allowed and gives nil for a missing value or another type, so that a field
/// of
/// an unexpected type does not invalidate the line.
enum EventValue: Decodable, Sendable {
    case nothing
    case bool(Bool)
    case number(Double)
    case text(String)
    case list([EventValue])
    case object([String: EventValue])

    /// Returns nil for a line that is not a JSON object.
    init?(line: [UInt8]) {
        // The first byte rules out most other lines.
        guard let first = line.first(where: { $0 != 0x20 && $0 != 0x09 }), first == UInt8(ascii: "{"),
            let value = try? JSONDecoder().decode(EventValue.self, from: Data(line))
        else { return nil }
        self = value
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let members = try? container.decode([String: EventValue].self) {
            self = .object(members)
        } else if let elements = try? container.decode([EventValue].self) {
            self = .list(elements)
        } else if let flag = try? container.decode(Bool.self) {
            self = .bool(flag)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else {
            self = .nothing
        }
    }

    subscript(_ key: String) -> EventValue {
        if case .object(let members) = self { members[key] ?? .nothing } else { .nothing }
    }

    var isNothing: Bool { if case .nothing = self { true } else { false } }
    var text: String? { if case .text(let text) = self { text } else { nil } }
    var isTrue: Bool { if case .bool(true) = self { true } else { false } }
    var list: [EventValue] { if case .list(let elements) = self { elements } else { [] } }
    var members: [String: EventValue] { if case .object(let members) = self { members } else { [:] } }

    /// The largest number that is read as it is. A larger one counts as this, so that no sum overflows and nobody pays
    /// less by telling more.
    private static let largest = 1e12

    /// The value as a count: never negative.
    var count: Int? { amount.map { Int($0) } }

    /// The value as an amount of money or time, never negative.
    var amount: Double? {
        guard case .number(let number) = self, number >= 0 else { return nil }
        return min(number, Self.largest)
    }

    /// The value on one line, shortened, to tell calls of a tool apart.
    var digest: String {
        switch self {
        case .object(let members):
            let shown = members.sorted { $0.key < $1.key }.prefix(8)
            return shown.map { "\($0.key)=\($0.value.digest)" }.joined(separator: " ").shortened(to: 300)
        case .list(let elements): return elements.prefix(16).map(\.digest).joined(separator: " ").shortened(to: 200)
        case .text(let text): return String(text.prefix(400)).onOneLine.shortened(to: 160)
        case .number(let number): return number.formatted(.number.grouping(.never))
        case .bool(let flag): return flag ? "true" : "false"
        case .nothing: return "null"
        }
    }
}
