import ModelAPI

/// Shows a file with numbered lines.
struct ReadTool: Tool {
    let checkout: Checkout
    let isEssential = true

    private static let mostLines = 1500
    private static let mostBytes = 60_000
    private static let longestLine = 2000

    let definition = ToolDefinition(
        "read", "Show a file of the checkout with numbered lines, at most 1500 of them at once.",
        properties: [
            ("path", "string", "From the root of the checkout."),
            ("from?", "integer", "First line to show, counted from 1."), ("to?", "integer", "Last line to show."),
        ])

    func run(_ input: ToolInput) async throws(ToolFailure) -> String {
        let path = try input.text("path")
        let bytes = try checkout.content(of: path)
        guard !bytes.prefix(8000).contains(0) else { throw ToolFailure("'\(path)' is binary, \(bytes.count) bytes") }
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        guard !lines.isEmpty else { return "'\(path)' is empty." }
        let from = max(1, try input.integer("from") ?? 1)
        let last = min(lines.count, try input.integer("to") ?? lines.count)
        guard from <= last else { throw ToolFailure("'\(path)' has \(Text.lines(lines.count))") }
        var text = ""
        var shown = from - 1
        for number in from...last where shown - from < Self.mostLines - 1 && text.utf8.count < Self.mostBytes {
            let line = lines[number - 1]
            let cut = line.count > Self.longestLine ? "[… \(line.count - Self.longestLine) bytes more]" : ""
            text += "\(number)\t" + String(decoding: line.prefix(Self.longestLine), as: UTF8.self) + cut + "\n"
            shown = number
        }
        if shown < lines.count { text += "[\(Text.lines(lines.count)); shown are \(from) to \(shown)]\n" }
        return text
    }
}

/// Replaces a text that occurs exactly once in a file.
struct EditTool: Tool {
    let checkout: Checkout
    let isEssential = true

    let definition = ToolDefinition(
        "edit",
        "Replace a text in a file by another. The old text must stand there exactly once, white space included, without "
            + "the line numbers that 'read' shows; take more lines around it if it is not unique.",
        properties: [
            ("path", "string", "From the root of the checkout."), ("old", "string", "The text to replace."),
            ("new", "string", "What to put there; may be empty."),
            ("all?", "boolean", "Replace every occurrence, however many there are."),
        ])

    func run(_ input: ToolInput) async throws(ToolFailure) -> String {
        let path = try input.text("path")
        var (old, new) = (Array(try input.text("old").utf8), Array(try input.text("new").utf8))
        guard !old.isEmpty else { throw ToolFailure("'old' is empty; use 'write' for a new file") }
        guard old != new else { throw ToolFailure("'old' and 'new' are the same") }
        let bytes = try checkout.content(of: path)
        var places = Self.places(of: old, in: bytes)
        if places.isEmpty, Self.hasReturns(bytes), !Self.hasReturns(old) {
            // Models always write line feeds.
            (old, new) = (Self.withReturns(old), Self.withReturns(new))
            places = Self.places(of: old, in: bytes)
        }
        guard !places.isEmpty else {
            throw ToolFailure("'old' does not stand in '\(path)'; read the file and copy the text as it is")
        }
        let isAll = input.flag("all")
        guard places.count == 1 || isAll else {
            throw ToolFailure("'old' stands in '\(path)' \(places.count) times; take more of what is around it")
        }
        var result: [UInt8] = []
        var end = 0
        for place in places {
            result += bytes[end..<place] + new
            end = place + old.count
        }
        try checkout.replace(path, with: result + bytes[end...])
        return places.count == 1 ? "Replaced." : "Replaced \(places.count) times."
    }

    private static func hasReturns(_ bytes: [UInt8]) -> Bool { bytes.contains(UInt8(ascii: "\r")) }

    private static func withReturns(_ bytes: [UInt8]) -> [UInt8] {
        bytes.flatMap { $0 == UInt8(ascii: "\n") ? [UInt8(ascii: "\r"), $0] : [$0] }
    }

    /// Returns the offsets of a text, from left to right and without overlaps.
    static func places(of text: [UInt8], in bytes: [UInt8]) -> [Int] {
        var places: [Int] = []
        var start = 0
        while let place = bytes[start...].firstRange(of: text)?.lowerBound {
            places.append(place)
            start = place + text.count
        }
        return places
    }
}

/// Writes a whole file.
struct WriteTool: Tool {
    let checkout: Checkout

    let definition = ToolDefinition(
        "write", "Write a whole file, new or in place of what is there. For a change to a file use 'edit'.",
        properties: [("path", "string", "From the root of the checkout."), ("content", "string", "All of it.")])

    func run(_ input: ToolInput) async throws(ToolFailure) -> String {
        let path = try input.text("path")
        let existed = try checkout.replace(path, with: Array(try input.text("content").utf8))
        return existed ? "Replaced the file." : "Made the file."
    }
}
