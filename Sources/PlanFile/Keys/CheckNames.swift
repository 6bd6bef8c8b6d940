/// Names for the checks of one list that the plan does not name.
struct CheckNames {
    private var taken: Set<String>
    /// The number to try next for a name that was taken.
    private var numbers: [String: Int] = [:]

    /// Longer names do not fit a line of a report or a commit message.
    private static let maximumLength = 72

    init(taken: [String]) { self.taken = Set(taken) }

    /// The words with which the command starts, with a number if that name is taken.
    ///
    /// - Parameter otherwise: the name for a command that starts with no plain word.
    mutating func next(for command: String, otherwise: String) -> String {
        // The first words of a long script are near its start.
        let plain = command.prefix(200).split(whereSeparator: \.isWhitespace).prefix { word in
            word.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || "0123456789_./+-".unicodeScalars.contains($0)
            }
        }
        let words = plain.prefix(3).joined(separator: " ").prefix(40)
        let base = words.isEmpty ? otherwise : String(words)
        var name = base
        while !taken.insert(name).inserted {
            let number = numbers[base, default: 2]
            numbers[base] = number + 1
            name = "\(base) (\(number))"
        }
        return name
    }

    /// What is wrong with a name that the plan gives.
    @Sendable static func problem(_ name: String) -> TextProblem? {
        if name.count > maximumLength {
            return TextProblem(message: "a name has at most \(maximumLength) characters")
        }
        return lineProblem(name)
    }

    /// What is wrong with a text that has to be one line.
    @Sendable static func lineProblem(_ name: String) -> TextProblem? {
        guard let bad = name.unicodeScalars.firstIndex(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            return nil
        }
        return TextProblem(
            offset: name.unicodeScalars.distance(from: name.startIndex, to: bad), message: "a name is one line")
    }
}
