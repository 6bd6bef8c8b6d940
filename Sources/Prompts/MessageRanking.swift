package import Model

/// A message with the properties that decide its relevance to a task.
package struct RankedMessage: Sendable, Equatable {
    package var message: Message
    /// Distance between the sender's task and this one in the task graph; nil if they are not connected or too far
    /// apart.
    package var distance: Int?
    /// Whether it was sent to this task or answers its question.
    package var isDirect: Bool
    /// Whether it names a file of the task.
    package var sharesFile: Bool
    /// Whether it names, or its sender owns, a file in the same directory as a file of the task.
    package var sharesDirectory: Bool
    /// Whether its sender failed in the same way as this task.
    package var sharesFailure: Bool
    /// Number of later messages.
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

    /// The relevance of the message. Only the order of scores matters; the weights are estimates.
    ///
    /// Age counts messages and not minutes, so that the same log gives the same prompt. It costs one point per
    /// doubling,
    /// always less than a direct message or a shared file adds.
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

    /// Returns the messages by score, the best first. Of several with the same text only the best one stays.
    package static func ranked(_ messages: [RankedMessage]) -> [RankedMessage] {
        let sorted = messages.map { ($0.score, $0) }.sorted { a, b in
            a.0 != b.0 ? a.0 > b.0 : a.1.message.id > b.1.message.id
        }
        var seen: Set<String> = []
        return sorted.map(\.1).filter { seen.insert(normalised($0.message.body)).inserted }
    }

    /// Returns the lower-case letters and digits of a text, to compare texts.
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
