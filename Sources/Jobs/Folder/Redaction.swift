import Foundation

/// What must not leave a job, and what stands in its place: the names of secrets for their values.
///
/// Everything that leaves a job passes here: logs, reasons, summaries, messages, reviews, events, paths.
package struct Redaction: Sendable, Equatable {
    struct Pattern: Sendable, Equatable {
        var value: [UInt8]
        var replacement: [UInt8]
    }

    /// Longest first, because one value may be a part of another.
    let patterns: [Pattern]
    private let paths: SlotPaths?

    package static let none = Redaction([])

    /// - Parameter paths: makes paths in slots relative in texts; nil to leave them.
    package init(_ secrets: [JobEnvironment.Secret], paths: SlotPaths? = nil) {
        self.paths = paths
        var seen: Set<[UInt8]> = []
        patterns = secrets.flatMap { secret in
            Self.forms(of: secret.value).map { Pattern(value: $0, replacement: Array("[\(secret.name)]".utf8)) }
        }
        .filter { !$0.value.isEmpty && seen.insert($0.value).inserted }
        .sorted { $0.value.count > $1.value.count }
    }

    /// The value as it is, and as it stands in JSON, whose writers may escape slashes.
    private static func forms(of value: String) -> [[UInt8]] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let quoted = (try? encoder.encode(value)).map { Array($0.dropFirst().dropLast()) } ?? []
        let escaped = String(decoding: quoted, as: UTF8.self).replacing("/", with: "\\/")
        return [Array(value.utf8), quoted, Array(escaped.utf8)]
    }

    /// The text with the names in place of the values, and with paths in slots as in the user's repository.
    package func text(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let result = self.bytes(bytes)
        let shown = result == bytes ? text : String(decoding: result, as: UTF8.self)
        return paths?.relative(shown) ?? shown
    }

    /// The bytes with the names in place of the values.
    package func bytes(_ bytes: [UInt8]) -> [UInt8] {
        guard let shortest = patterns.last?.value.count, bytes.count >= shortest else { return bytes }
        let first = Set(patterns.map { $0.value[0] })
        var result: [UInt8] = []
        var place = 0
        while place < bytes.count {
            guard first.contains(bytes[place]), let found = match(in: bytes, at: place) else {
                result.append(bytes[place])
                place += 1
                continue
            }
            result += found.replacement
            place += found.value.count
        }
        return result
    }

    /// The value that stands at a place.
    func match(in bytes: [UInt8], at place: Int) -> Pattern? {
        patterns.first { bytes.count - place >= $0.value.count && bytes[place...].starts(with: $0.value) }
    }
}
