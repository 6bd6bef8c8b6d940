/// One event of a stream of server-sent events.
package struct ServerSentEvent: Sendable, Equatable {
    /// The `event` field; empty if it is missing.
    package var name: String
    /// The `data` fields, joined by line breaks.
    package var data: String

    package init(name: String = "", data: String) {
        self.name = name
        self.data = data
    }
}

/// A parser for server-sent events. Its input may be split anywhere.
///
/// It follows the HTML standard (9.2.6, interpreting an event stream), except that it ignores `id` and `retry`, since a
/// broken stream is never resumed. An event that is not followed by an empty line is incomplete and is dropped.
package struct ServerSentEventParser: Sendable {
    package struct TooLarge: Error, Sendable, Equatable {
        /// Bytes.
        package var limit: Int
    }

    private let limit: Int
    private var line: [UInt8] = []
    private var lastWasReturn = false
    private var isFirstLine = true
    private var name: [UInt8] = []
    private var data: [UInt8] = []

    /// - Parameter limit: maximum bytes of one event.
    package init(limit: Int) { self.limit = limit }

    /// Reads more bytes.
    ///
    /// - Returns: the events that these bytes complete.
    package mutating func read(_ bytes: some Sequence<UInt8>) throws(TooLarge) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        for byte in bytes {
            let isPair = lastWasReturn && byte == Self.lineFeed
            lastWasReturn = byte == Self.carriageReturn
            if isPair { continue }
            if byte == Self.lineFeed || byte == Self.carriageReturn {
                if let event = endLine() { events.append(event) }
                continue
            }
            line.append(byte)
            if line.count + data.count + name.count > limit { throw TooLarge(limit: limit) }
        }
        return events
    }

    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private mutating func endLine() -> ServerSentEvent? {
        if isFirstLine, line.starts(with: Self.byteOrderMark) { line.removeFirst(Self.byteOrderMark.count) }
        isFirstLine = false
        defer { line.removeAll(keepingCapacity: true) }
        if line.isEmpty { return endEvent() }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        var value = line[colon...].dropFirst()
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        // A line that begins with a colon is a comment: its field has no name.
        switch String(decoding: line[..<colon], as: UTF8.self) {
        case "event": name = Array(value)
        case "data":
            data.append(contentsOf: value)
            data.append(Self.lineFeed)
        default: break
        }
        return nil
    }

    private mutating func endEvent() -> ServerSentEvent? {
        defer {
            name.removeAll(keepingCapacity: true)
            data.removeAll(keepingCapacity: true)
        }
        guard !data.isEmpty else { return nil }
        return ServerSentEvent(
            name: String(decoding: name, as: UTF8.self), data: String(decoding: data.dropLast(), as: UTF8.self))
    }
}
