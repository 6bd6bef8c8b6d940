extension Kind where Value == Int {
    /// A whole number of at least 1.
    static let positive = Kind(word: "a whole number above 0") { _ in
        ["type": "integer", "minimum": 1]
    } read: { node, context in
        guard let number = Quantity.whole(plain(node)), number > 0 else {
            context.expected("a whole number above 0", at: node)
            return nil
        }
        return number
    }

    /// A number of things that exist side by side, each with a checkout.
    static let parallel = integer(in: 1...10_000)

    static func integer(in range: ClosedRange<Int>) -> Kind {
        let word = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        return Kind(word: word) { _ in
            ["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)]
        } read: { node, context in
            guard let number = Quantity.whole(plain(node)), range.contains(number) else {
                context.expected(word, at: node)
                return nil
            }
            return number
        }
    }

    /// A whole number, including 0.
    static let nonNegative = Kind(word: "a whole number") { _ in
        ["type": "integer", "minimum": 0]
    } read: { node, context in
        guard let number = Quantity.whole(plain(node)), number >= 0 else {
            context.expected("a whole number", at: node)
            return nil
        }
        return number
    }

    /// A count such as `2k`, `20M` or `2_000`.
    static let count = quantity(
        "a count such as 20M", units: [("k", 1_000), ("K", 1_000), ("M", 1_000_000), ("G", 1_000_000_000)])

    /// A number of bytes such as `512K` or `10M`.
    static let size = quantity("a size such as 10M", units: [("K", 1 << 10), ("M", 1 << 20), ("G", 1 << 30)])

    /// One fixed number, the version of the format.
    static func exactly(_ wanted: Int) -> Kind {
        Kind(word: "\(wanted)") { _ in
            ["const": .integer(wanted)]
        } read: { node, context in
            guard Quantity.whole(plain(node)) == wanted else {
                context.expected(
                    "\(wanted)", at: node, hint: "this program reads only version \(wanted) of the format")
                return nil
            }
            return wanted
        }
    }

    private static func quantity(_ word: String, units: [(String, Int)]) -> Kind {
        Kind(word: word) { _ in
            let letters = units.map(\.0).joined()
            return ["type": ["integer", "string"], "minimum": 1, "pattern": .string("^[0-9][0-9_]*[\(letters)]?$")]
        } read: { node, context in
            guard case .scalar(let scalar) = node.content, let number = Quantity.count(scalar.text, units: units),
                number > 0
            else {
                context.expected(
                    "\(word), above 0", at: node,
                    hint: "write a number, or one with \(units.map(\.0).joined(separator: ", "))")
                return nil
            }
            return number
        }
    }

    private static func plain(_ node: SourceNode) -> String {
        if case .scalar(let scalar) = node.content, scalar.style == .plain { scalar.text } else { "" }
    }
}

extension Kind where Value == Double {
    /// A duration, in seconds.
    static let duration = Kind(word: "a duration such as 15m") { _ in
        [
            "type": ["number", "string"], "exclusiveMinimum": 0, "minLength": 1,
            "pattern": "^([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?$|^[0-9][0-9_]*(\\.[0-9]+)?$",
        ]
    } read: { node, context in
        guard case .scalar(let scalar) = node.content, let seconds = Quantity.seconds(scalar.text), seconds > 0 else {
            context.expected(
                "a duration such as 15m, above 0", at: node,
                hint: "write 90s, 15m, 6h, 1h30m, 1d or a number of seconds")
            return nil
        }
        guard seconds <= Quantity.longest else {
            context.expected("at most \(Int(Quantity.longest / 86_400)) days", at: node)
            return nil
        }
        return seconds
    }

    /// A share such as `30%`, as a number between 0 and 1.
    static let percent = Kind(word: "a percentage such as 30%") { _ in
        ["type": "string", "pattern": "^[0-9]+(\\.[0-9]+)?%$"]
    } read: { node, context in
        guard case .scalar(let scalar) = node.content, scalar.text.hasSuffix("%"),
            let amount = Quantity.decimal(String(scalar.text.dropLast())), amount > 0, amount <= 100
        else {
            context.expected("a percentage such as 30%, above 0", at: node, hint: "write it with its '%'")
            return nil
        }
        return amount / 100
    }

    /// A number of percentage points.
    static let points = Kind(word: "a number such as 0.5") { _ in
        ["type": "number", "minimum": 0, "maximum": 100]
    } read: { node, context in
        guard case .scalar(let scalar) = node.content, let amount = Quantity.decimal(scalar.text), amount >= 0,
            amount <= 100
        else {
            context.expected("a number from 0 to 100, such as 0.5", at: node, hint: "percentage points, without '%'")
            return nil
        }
        return amount
    }

    /// An amount of money.
    static let money = Kind(word: "a number above 0") { _ in
        ["type": "number", "exclusiveMinimum": 0]
    } read: { node, context in
        guard case .scalar(let scalar) = node.content, let amount = Quantity.decimal(scalar.text), amount > 0 else {
            context.expected("a number above 0", at: node)
            return nil
        }
        return amount
    }
}

/// Numbers as people write them.
enum Quantity {
    /// Seconds of the longest duration that is accepted, a leap year.
    static let longest: Double = 366 * 86_400

    /// The largest number that is accepted. Larger ones are typing errors, and sums of smaller ones fit an `Int`.
    static let largest = 1_000_000_000_000_000

    /// Reads digits with `_` between them. A leading zero is refused, since YAML 1.1 would read it as octal.
    static func whole(_ text: some StringProtocol) -> Int? {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, let last = bytes.last, isDigit(first), isDigit(last),
            bytes.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: "_") }), bytes.count == 1 || first != UInt8(ascii: "0")
        else { return nil }
        guard let number = Int(String(decoding: bytes.filter(isDigit), as: UTF8.self)), number <= largest else {
            return nil
        }
        return number
    }

    /// Reads digits, optionally followed by a point and more digits.
    static func decimal(_ text: String) -> Double? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let first = parts.first, whole(first) != nil else { return nil }
        guard parts.dropFirst().allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }) else { return nil }
        return Double(text.replacing("_", with: ""))
    }

    static func count(_ text: String, units: [(String, Int)]) -> Int? {
        let unit = units.first { text.hasSuffix($0.0) }
        guard let number = whole(text.dropLast(unit?.0.count ?? 0)) else { return nil }
        let (product, isTooLarge) = number.multipliedReportingOverflow(by: unit?.1 ?? 1)
        return isTooLarge || product > largest ? nil : product
    }

    /// Reads days, hours, minutes and seconds, in this order and each at most once, or a number of seconds.
    static func seconds(_ text: String) -> Double? {
        if let seconds = decimal(text) { return seconds }
        var units: ArraySlice<(Character, Double)> = [("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)]
        var rest = Substring(text)
        var total = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard let number = Int(digits), let letter = rest.dropFirst(digits.count).first,
                let place = units.firstIndex(where: { $0.0 == letter })
            else { return nil }
            total += Double(number) * units[place].1
            units = units[(place + 1)...]
            rest = rest.dropFirst(digits.count + 1)
        }
        return text.isEmpty ? nil : total
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
