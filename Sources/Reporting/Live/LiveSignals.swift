/// What a terminal shows beside the picture: its title, and a notification when somebody is needed.
package enum LiveSignals {
    /// `2 need you · 812/3000`
    package static func title(_ document: StatusDocument) -> String {
        let needing = document.rows.count { $0.group == .needsYou }
        let total = document.counts.values.reduce(0, +)
        let done = document.rows.count { $0.group == .landed }
        let words = ["\(done)/\(total)", document.run]
        guard needing > 0 else { return words.joined(separator: " · ") }
        return (["\(needing) need\(needing == 1 ? "s" : "") you"] + words).joined(separator: " · ")
    }

    /// The sequences that follow a new document: the title where it has changed (OSC 2), and a notification (OSC 9) where more
    /// tasks need a person than before.
    package static func bytes(_ document: StatusDocument, after old: StatusDocument?) -> [UInt8] {
        var text = ""
        let title = title(document)
        if old.map(Self.title) != title { text += "\u{1B}]2;\(TextWidth.safe(title))\u{1B}\\" }
        if let old {
            let before = Set(old.rows.filter { $0.group == .needsYou }.map(\.task))
            let new = document.rows.filter { $0.group == .needsYou && !before.contains($0.task) }
            if let first = new.first {
                let more = new.count > 1 ? " and \(new.count - 1) more" : ""
                text += "\u{1B}]9;\(TextWidth.safe("\(document.run): \(first.task)\(more) needs you"))\u{7}"
            }
        }
        return Array(text.utf8)
    }

    /// Puts a text into the clipboard of the terminal (OSC 52).
    package static func copy(_ base64: String) -> [UInt8] { Array("\u{1B}]52;c;\(base64)\u{7}".utf8) }
}
