import Foundation

/// A kind of failure: the output of a tool with placeholders, and what is to be read from it.
///
/// The files in `Fixtures/failures` hold them. `=== name` starts one; `place:` and `message:` lines say what is expected;
/// the rest is the output. `«word»` is a random word, `«w=word»` names it, `«w»` repeats it.
struct FailureTemplate: Sendable {
    let name: String
    let place: String?
    let message: String
    let output: String

    struct Sample {
        var output: String
        var place: String?
        var message: String
    }

    /// The names of the files.
    static let fixtures = [
        "python-service", "web-monorepo", "compiled", "scripts-and-tools", "close-pairs", "own-checks",
    ]

    static func load(_ fixture: String) throws -> [FailureTemplate] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/failures/\(fixture).txt")
        let text = "\n" + (try String(contentsOf: file, encoding: .utf8))
        return text.components(separatedBy: "\n=== ").dropFirst().map { FailureTemplate(block: $0) }
    }

    private init(block: String) {
        var lines = block.components(separatedBy: "\n")
        name = lines.removeFirst()
        var place: String?
        var message = ""
        while let line = lines.first {
            if line.hasPrefix("place: ") {
                place = String(line.dropFirst("place: ".count))
            } else if line.hasPrefix("message: ") {
                message = String(line.dropFirst("message: ".count))
            } else {
                break
            }
            lines.removeFirst()
        }
        self.place = place
        self.message = message
        output = lines.joined(separator: "\n")
    }

    func sample(_ generator: inout FailureGenerator) -> Sample {
        var known: [String: String] = [:]
        // The names are given by what is read first.
        let place = place.map { Self.fill($0, &known, &generator) }
        let message = Self.fill(message, &known, &generator)
        return Sample(output: Self.fill(output, &known, &generator), place: place, message: message)
    }

    private static func fill(
        _ text: String, _ known: inout [String: String], _ generator: inout FailureGenerator
    ) -> String {
        var parts = text.components(separatedBy: "«")
        var result = parts.removeFirst()
        for part in parts {
            let halves = part.components(separatedBy: "»")
            result += value(halves[0], &known, &generator) + halves.dropFirst().joined(separator: "»")
        }
        return result
    }

    private static func value(
        _ text: String, _ known: inout [String: String], _ generator: inout FailureGenerator
    ) -> String {
        if let value = known[text] { return value }
        guard let mark = text.firstIndex(of: "=") else { return generator.value(of: text) }
        let value = generator.value(of: String(text[mark...].dropFirst()))
        known[String(text[..<mark])] = value
        return value
    }
}

extension FailureGenerator {
    /// - Parameter form: what a placeholder names, such as `word`, `num:1-9` or `pick:a|b`.
    fileprivate mutating func value(of form: String) -> String {
        let parts = form.split(separator: ":", maxSplits: 1).map(String.init)
        let argument = parts.count > 1 ? parts[1] : ""
        switch parts[0] {
        case "word": return noun()
        case "snake": return snake()
        case "camel": return camel()
        case "pascal": return pascal()
        case "path": return path(argument)
        case "num":
            let bounds = argument.split(separator: "-").compactMap { Int($0) }
            return "\(number(bounds.count == 2 ? bounds[0]...bounds[1] : 1...400))"
        case "dec": return "\(number()).\(number(10...99))"
        case "hex": return hexadecimal(Int(argument) ?? 12)
        case "uuid": return [8, 4, 4, 4, 12].map { hexadecimal($0) }.joined(separator: "-")
        case "sha": return hexadecimal(40)
        case "tmp": return temporary()
        case "secs": return seconds()
        case "port": return "\(number(20_000...60_000))"
        case "date": return "2026-0\(number(1...9))-\(number(10...28))"
        case "time": return "\(number(10...23)):\(number(10...59)):\(number(10...59)).\(number(100...999))"
        case "value": return value()
        default: return pick(argument.split(separator: "|").map(String.init))
        }
    }

    private mutating func hexadecimal(_ count: Int) -> String {
        (0..<count).reduce(into: "") { text, _ in text += String(number(0...15), radix: 16) }
    }
}
