import Foundation
import Model
import Prompts
import Synchronization

/// The lessons of a plan in one Markdown file, which a person may edit at any time.
///
/// A new lesson is inserted below the mark, and the rest of the file does not change. A lesson that the file already
/// contains is not added again. A lesson that a person has deleted returns if a worker reports it again.
final class LessonsFile: Sendable {
    let path: String
    private let plan: String
    private let turn = Mutex(())

    /// Maximum size of the file in bytes; no lesson is added beyond it.
    private static let largest = 64 << 10
    private static let mark = "<!-- new lessons are put in below this line -->"

    init(path: String, plan: String) {
        self.path = path
        self.plan = plan
    }

    /// The lessons for a prompt: the file without its head. Empty if there is no file.
    var text: String {
        guard let whole = try? String(contentsOfFile: path, encoding: .utf8) else { return "" }
        guard let mark = whole.range(of: Self.mark) else { return whole }
        return String(whole[mark.upperBound...])
    }

    /// Adds a message if it is a lesson, a warning or a decision, and not only for a person.
    func add(_ message: Message) {
        guard [.lesson, .warning, .decision].contains(message.kind), message.audience != .human else { return }
        turn.withLock { _ in
            let whole = (try? String(contentsOfFile: path, encoding: .utf8)) ?? head
            guard whole.utf8.count + message.body.utf8.count < Self.largest,
                !RankedMessage.normalised(whole).contains(RankedMessage.normalised(message.body))
            else { return }
            let lines = message.body.split(whereSeparator: \.isNewline)
            let item = "- " + lines.joined(separator: "\n  ") + "\n"
            var text = whole.hasSuffix("\n") ? whole : whole + "\n"
            if let mark = text.range(of: Self.mark + "\n") {
                text.insert(contentsOf: item, at: mark.upperBound)
            } else {
                text += item
            }
            // A write error is ignored, because the message is in the store.
            let folder = (path as NSString).deletingLastPathComponent
            try? FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try? text.write(toFile: path, atomically: true, encoding: .utf8)
        }
    }

    private var head: String {
        """
        # Lessons of \(plan)

        Every prompt of this plan contains the lessons below. Edit them as you like.

        \(Self.mark)

        """
    }
}
