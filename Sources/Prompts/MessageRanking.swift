package import Model

/// A message with what makes it matter to one task.
package struct RankedMessage: Sendable, Equatable {
    package var message: Message
    /// Steps between the sender's task and this one in the graph of tasks; nil for none or too many.
    package var distance: Int?
    /// It was sent to this task, or answers a question of its own.
    package var isDirect: Bool
    /// It names a file of the task.
    package var sharesFile: Bool
    /// It names, or its sender has, a file in the directory of one of the task's.
    package var sharesDirectory: Bool
    /// Its sender failed the way that this task did.
    package var sharesFailure: Bool
    /// Messages that have come since.
    package var age: Int

    package init(
        message: Message, distance: Int? = nil, isDirect: Bool = false, sharesFile: Bool = false,
        sharesDirectory: Bool = false, sharesFailure: Bool = false, age: Int = 0
    ) {
        self.message = message
        self.distance = distance
        self.isDirect = isDirect
        self.sharesFile = sharesFile
        self.sharesDirectory = sharesDirectory
        self.sharesFailure = sharesFailure
        self.age = age
    }

    /// How much it matters; the figures only order, and a step is worth about what a person would give for it.
    ///
    /// Age counts messages and not minutes, so that the same log gives the same prompt; it takes one point for each
    /// doubling, and thereby never as much as a direct question or the file itself gives.
    package var score: Int {
        var score = isDirect ? 1000 : 0
        switch message.kind {
        case .decision: score += 60
        case .interfaceChange: score += 50
        case .warning: score += 40
        case .answer: score += 30
        case .lesson: score += 30
        case .question: score += 5
        }
        if message.sender == .human { score += 80 }
        if sharesFile { score += 60 }
        if let distance { score += max(0, 40 - 10 * distance) }
        if sharesDirectory { score += 20 }
        if sharesFailure { score += 25 }
        return score - (Int.bitWidth - max(0, age).leadingZeroBitCount)
    }

    /// The best first, each text once; of two that say the same the better one stays.
    package static func ranked(_ messages: [RankedMessage]) -> [RankedMessage] {
        let sorted = messages.map { ($0.score, $0) }.sorted { a, b in
            a.0 != b.0 ? a.0 > b.0 : a.1.message.id > b.1.message.id
        }
        var seen: Set<String> = []
        return sorted.map(\.1).filter { seen.insert(normalised($0.message.body)).inserted }
    }

    /// Letters and digits in small letters: what two texts that say the same have in common.
    package static func normalised(_ text: String) -> String {
        var result = ""
        var isGap = false
        for scalar in text.unicodeScalars {
            if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                if isGap, !result.isEmpty { result += " " }
                isGap = false
                result += scalar.properties.lowercaseMapping
            } else {
                isGap = true
            }
        }
        return result
    }
}
