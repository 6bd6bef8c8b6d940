/// Random names and literals.
struct SampleNames {
    private static let verbs = [
        "load", "store", "merge", "count", "find", "price", "build", "check", "draw", "send", "parse", "rank", "open",
        "plan", "sum", "sort", "move", "clean", "read", "group",
    ]
    private static let nouns = [
        "order", "item", "user", "page", "stock", "basket", "report", "label", "path", "rule", "entry", "token",
        "price", "node", "cache", "window", "route", "batch", "ticket", "chart", "field", "limit", "shape", "event",
    ]

    static func variable(_ random: inout SampleGenerator) -> String {
        let noun = nouns[Int.random(in: nouns.indices, using: &random)]
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return noun
        case 1: return noun + "s"
        case 2: return "\(nouns[Int.random(in: nouns.indices, using: &random)])_\(noun)"
        default: return noun + String(Int.random(in: 1...9, using: &random))
        }
    }

    static func function(_ random: inout SampleGenerator) -> String {
        "\(verbs[Int.random(in: verbs.indices, using: &random)])_\(variable(&random))"
    }

    static func type(_ random: inout SampleGenerator) -> String {
        if Bool.random(using: &random) {
            return ["int", "str", "float", "bytes"].randomElement(using: &random) ?? "int"
        }
        return nouns[Int.random(in: nouns.indices, using: &random)].capitalized
    }

    static func expression(_ random: inout SampleGenerator) -> String {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: variable(&random)
        case 1: "\(variable(&random)).\(variable(&random))"
        case 2: "\(function(&random))(\(variable(&random)))"
        default: "\(variable(&random))[\(Int.random(in: 0...9, using: &random))]"
        }
    }

    static func words(_ random: inout SampleGenerator) -> String {
        (0..<3).map { _ in nouns[Int.random(in: nouns.indices, using: &random)] }.joined(separator: " ")
    }
}

extension String {
    /// With a capital at its start.
    var capitalized: String { prefix(1).uppercased() + dropFirst() }
}
