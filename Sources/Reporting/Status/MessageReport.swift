import Model
package import Store

/// Messages, each with its sender and the tasks that were given it.
package struct MessageReport: Sendable {
    let messages: [MessageRecord]

    package init(_ messages: [MessageRecord]) { self.messages = messages }

    /// The report for people, with a newline at the end. Control characters in what tasks wrote are taken out.
    package func text(_ layout: Layout) -> String {
        if messages.isEmpty { return "no messages\n" }
        return messages.map { entry($0, layout) }.joined(separator: "\n") + "\n"
    }

    private func entry(_ record: MessageRecord, _ layout: Layout) -> String {
        let message = record.message
        var head =
            "\(message.id)  \(message.kind.rawValue) from \(MessageText.party(message.sender)) "
            + "to \(MessageText.party(message.audience))"
        if message.thread != message.id { head += ", about \(message.thread)" }
        head += "  \(TimeText.clock(message.time, offset: layout.clockOffset))"
        if message.kind == .question { head += record.isAnswered ? "  answered" : "  open" }
        var lines = [layout.style.paint(TextWidth.safe(head), .heading)]
        if !message.files.isEmpty { lines.append("  " + TextWidth.safe(message.files.joined(separator: ", "))) }
        lines += message.body.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            "  | " + TextWidth.safe(String(line))
        }
        if !record.deliveries.isEmpty {
            let given = record.deliveries.prefix(8).map { "\($0.task) (\($0.way.rawValue))" }.joined(separator: ", ")
            let more = record.deliveries.count > 8 ? " and \(record.deliveries.count - 8) more" : ""
            lines.append("  given to " + TextWidth.safe(given) + more)
        }
        if message.kind == .question, !record.isAnswered { lines.append("  orchestrate answer \(message.id) TEXT") }
        return lines.joined(separator: "\n")
    }
}
