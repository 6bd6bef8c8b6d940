import Foundation

/// Finds the rule for a request, and counts how often each was used.
actor RuleBook {
    private let rules: [(rule: Script.Rule, condition: Condition)]
    private var uses: [Int: Int] = [:]
    private var usesEach: [String: Int] = [:]
    private var answers = 0

    init(_ script: Script) throws {
        rules = try script.rules.map { ($0, try Condition($0.when)) }
    }

    func answer(_ request: ModelRequest) -> Answer {
        answers += 1
        for (index, (rule, condition)) in rules.enumerated() {
            let key = "\(index) \(request.conversation)"
            if let times = rule.times, uses[index, default: 0] >= times { continue }
            if let times = rule.timesEach, usesEach[key, default: 0] >= times { continue }
            guard let captures = condition.captures(request) else { continue }
            uses[index, default: 0] += 1
            usesEach[key, default: 0] += 1
            return Answer(to: request, rule: rule, captures: captures, number: answers)
        }
        return Answer(to: request, rule: nil, captures: [:], number: answers)
    }

    private struct Condition {
        private var parts:
            [(expression: NSRegularExpression, names: [String], subject: @Sendable (ModelRequest) -> String)] = []
        private var turn: Int?
        private var fromTurn: Int?

        init(_ condition: Script.Condition?) throws {
            turn = condition?.turn
            fromTurn = condition?.fromTurn
            try add(condition?.model) { $0.model }
            try add(condition?.system) { $0.system }
            try add(condition?.prompt) { $0.prompt }
            try add(condition?.last) { $0.last }
            try add(condition?.any) { $0.all }
            try add(condition?.tools) { $0.tools.joined(separator: " ") }
            try add(condition?.path) { $0.path }
        }

        private mutating func add(
            _ pattern: String?, _ subject: @escaping @Sendable (ModelRequest) -> String
        ) throws {
            guard let pattern else { return }
            let expression = try NSRegularExpression(pattern: pattern, options: [.dotMatchesLineSeparators])
            let group = try NSRegularExpression(pattern: #"\(\?<([A-Za-z][A-Za-z0-9]*)>"#)
            let names = group.matches(in: pattern, range: NSRange(pattern.startIndex..., in: pattern)).compactMap {
                Range($0.range(at: 1), in: pattern).map { String(pattern[$0]) }
            }
            parts.append((expression, names, subject))
        }

        /// - Returns: nil if the condition does not hold.
        func captures(_ request: ModelRequest) -> [String: String]? {
            if let turn, request.turn != turn { return nil }
            if let fromTurn, request.turn < fromTurn { return nil }
            var captures = ["model": request.model, "turn": "\(request.turn)"]
            for (expression, names, subject) in parts {
                let text = subject(request)
                guard let match = expression.firstMatch(in: text, range: NSRange(text.startIndex..., in: text))
                else { return nil }
                for name in names {
                    if let range = Range(match.range(withName: name), in: text) { captures[name] = String(text[range]) }
                }
            }
            return captures
        }
    }
}
