import Foundation
import Git
import Model
import Reporting

/// Shows the diff of a commit with the program that the person has for that.
struct DiffViewer {
    let repository: Repository

    func show(_ commit: ObjectID, _ diff: String) {
        if Self.has("delta") { return run("delta --paging=always", diff) }
        if Self.has("difft"), let folder = repository.workingDirectory {
            return run("git -C \"$1\" -c diff.external=difft show --ext-diff \"$2\"", nil, [folder, commit.hex])
        }
        let style = Style(isColored: Terminal.isColored(STDOUT_FILENO))
        _ = Pager.show(ReviewQueue.colored(diff, Layout(style: style)), staysOpen: true)
    }

    private static func has(_ program: String) -> Bool {
        (Terminal.environment["PATH"] ?? "").split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
        }
    }

    /// A program that cannot be started leaves the queue as it is.
    private func run(_ command: String, _ text: String?, _ arguments: [String] = []) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command, "sh"] + arguments
        let pipe = Pipe()
        if text != nil { process.standardInput = pipe }
        guard (try? process.run()) != nil else { return }
        signal(SIGPIPE, SIG_IGN)
        if let text { try? pipe.fileHandleForWriting.write(contentsOf: Data(OutsideText.lines(text).utf8)) }
        try? pipe.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}
