/// Writes functions and calls with the labels of their arguments. Free functions are often overloads of functions
/// outside of the repository, and labels and `await` distinguish most of them.
extension SwiftScanner {
    /// The number of tokens in which labels are read. Nested calls are read once for each enclosing call.
    private static let longestCall = 512

    /// Writes a free function with the labels of its parameters, as `SwiftLabels` reads them.
    mutating func freeFunction(_ name: Int, text: Source.Bytes, flags: UInt8) {
        var labels: [UInt8] = []
        var isAsync = false
        var index = name + 1
        let limit = min(tokens.count, index + 4 * Self.longestCall)
        while index < limit, !tokens.isMark(index, "(") { index += 1 }
        var depth = 0
        var isFresh = true
        var isOptional = false
        var isVariadic = false
        while index < limit {
            let token = tokens[index]
            if token.kind == .punctuation {
                switch token.byte {
                case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "<"), UInt8(ascii: "{"): depth += 1
                case UInt8(ascii: ">") where tokens.isMark(index - 1, "-"):
                    // A closure may be trailing.
                    isOptional = true
                case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: ">"), UInt8(ascii: "}"): depth -= 1
                case UInt8(ascii: "=") where depth == 1: isOptional = true
                case UInt8(ascii: ".") where depth == 1 && tokens.isMark(index + 1, "."): isVariadic = true
                case UInt8(ascii: "@") where isFresh && !tokens.isMark(index - 1, ":"): index += 1
                default: break
                }
                if depth == 0 || depth == 1 && token.byte == UInt8(ascii: ",") {
                    if isVariadic || isOptional { labels.append(isVariadic ? UInt8(ascii: "*") : UInt8(ascii: "?")) }
                    isOptional = false
                    isVariadic = false
                    isFresh = true
                    if depth == 0 { break }
                }
            } else if isFresh, token.kind == .identifier {
                if !labels.isEmpty { labels.append(UInt8(ascii: ",")) }
                labels.append(contentsOf: tokens.text(index))
                isFresh = false
            }
            index += 1
        }
        for next in index + 1..<index + 3 where word(next) == .async { isAsync = true }
        let place = labels.withUnsafeBufferPointer { facts.place(of: $0) }
        facts.add(
            kind: Swift.Kind.function.rawValue, text: text, line: tokens[name].line, value: place + 1,
            flags: flags | (isAsync ? Swift.isAsync : 0))
    }

    /// Writes a call as `name(a,_,b`: its name and the labels of its arguments.
    mutating func call(_ index: Int, kind: Swift.Kind) {
        callText.removeAll(keepingCapacity: true)
        callText.append(contentsOf: tokens.text(index))
        callText.append(UInt8(ascii: "("))
        var depth = 0
        var isFresh = true
        var isEmpty = true
        var place = index + 1
        let limit = min(tokens.count, place + Self.longestCall)
        while place < limit, tokens.isMark(index + 1, "(") {
            let token = tokens[place]
            if token.kind == .punctuation {
                switch token.byte {
                case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
                case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
                default: break
                }
                if depth == 0 { break }
                if depth == 1, token.byte == UInt8(ascii: ",") || place == index + 1 {
                    isFresh = true
                    place += 1
                    continue
                }
            }
            if isFresh {
                if !isEmpty { callText.append(UInt8(ascii: ",")) }
                let isLabelled = token.kind == .identifier && tokens.isMark(place + 1, ":")
                if isLabelled {
                    callText.append(contentsOf: tokens.text(place))
                } else {
                    callText.append(UInt8(ascii: "_"))
                }
                isEmpty = false
                isFresh = false
            }
            place += 1
        }
        let text = callText.withUnsafeBufferPointer { facts.place(of: $0) }
        facts.count(
            kind: kind.rawValue, place: text, line: tokens[index].line, flags: isAwaited(index) ? Swift.isAsync : 0,
            since: since)
    }

    /// Whether `await` precedes the name in its statement.
    private func isAwaited(_ index: Int) -> Bool {
        var place = index - 1
        let limit = max(0, index - 24)
        while place >= limit {
            if word(place) == .await || word(place) == .async { return true }
            let token = tokens[place]
            if token.kind == .punctuation,
                token.byte == UInt8(ascii: "{") || token.byte == UInt8(ascii: "}") || token.byte == UInt8(ascii: ";")
            {
                return false
            }
            place -= 1
        }
        return false
    }
}

/// Whether the labels of a call fit those of a function.
enum SwiftLabels {
    /// - Parameters:
    ///   - call: `a,_,b`.
    ///   - function: `a,_?,b*`. `?` marks an optional argument, and `*` one that may also be repeated.
    static func fit(call: Source.Bytes, function: Source.Bytes) -> Bool {
        var arguments = call.split(separator: UInt8(ascii: ","))[...]
        for parameter in function.split(separator: UInt8(ascii: ",")) {
            let isVariadic = parameter.last == UInt8(ascii: "*")
            let isOptional = isVariadic || parameter.last == UInt8(ascii: "?")
            let label = isOptional ? parameter.dropLast() : parameter
            guard let next = arguments.first, next.elementsEqual(label) else {
                if isOptional { continue }
                return false
            }
            arguments.removeFirst()
            guard isVariadic else { continue }
            while let extra = arguments.first, extra.elementsEqual(CollectionOfOne(UInt8(ascii: "_"))) {
                arguments.removeFirst()
            }
        }
        return arguments.isEmpty
    }
}
