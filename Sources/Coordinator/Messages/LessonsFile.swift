import Foundation
import Model
import Prompts
import Synchronization

/// The lessons of a plan in one Markdown file that a person may edit at any time.
///
/// A lesson is put in below the mark and everything else stays as it is; a text that the file already has, in whatever
/// words around it, is not put in again. So what a person takes out stays out only until somebody learns it anew.
final class LessonsFile: Sendable {
    let path: String
    private let plan: String
    private let turn = Mutex(())

    /// Bytes after which no more is put in.
    private static let largest = 64 << 10
    private static let mark = "<!-- new lessons are put in below this line -->"

    init(path: String, plan: String) {
        self.path = path
        self.plan = plan
    }

    /// The file for a prompt: without its head. Empty where there is none.
    var text: String {
        guard let whole = try? String(contentsOfFile: path, encoding: .utf8) else { return "" }
        guard let mark = whole.range(of: Self.mark) else { return whole }
        return String(whole[mark.upperBound...])
    }

    /// Puts a message in, if it is one that others can learn from.
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
            // A file that cannot be written costs a lesson, not the run: the message itself is in the store.
            let folder = (path as NSString).deletingLastPathComponent
            try? FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try? text.write(toFile: path, atomically: true, encoding: .utf8)
        }
    }

    private var head: String {
        """
        # Lessons of \(plan)

        Every prompt of this plan carries what stands below. Edit it as you like.

        \(Self.mark)

        """
    }
}
