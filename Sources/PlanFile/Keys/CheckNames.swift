/// Names for the unnamed checks of a list.
struct CheckNames {
    private var taken: Set<String>
    /// The next number to append to a name that is taken.
    private var numbers: [String: Int] = [:]

    /// The maximum length, so that a name fits a line of a report or a commit message.
    private static let maximumLength = 72

    init(taken: [String]) { self.taken = Set(taken) }

    /// Returns the first words of a command, followed by a number if that name is taken.
    ///
    /// - Parameter otherwise: the name for a command that does not start with a plain word.
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

    /// Returns the problem of a name in the plan, or nil.
    @Sendable static func problem(_ name: String) -> TextProblem? {
        if name.count > maximumLength {
            return TextProblem(message: "a name has at most \(maximumLength) characters")
        }
        return lineProblem(name)
    }

    /// Returns the problem of a text that must be one line, or nil.
    @Sendable static func lineProblem(_ name: String) -> TextProblem? {
        guard let bad = name.unicodeScalars.firstIndex(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            return nil
        }
        return TextProblem(
            offset: name.unicodeScalars.distance(from: name.startIndex, to: bad), message: "a name must be one line")
    }
}
