import Foundation

/// The person's pager.
enum Pager {
    /// Shows a text in it.
    /// - Returns: false if there is none that could be started.
    static func show(_ text: String) -> Bool {
        let environment = Terminal.environment
        let command = environment["ORCHESTRATE_PAGER"] ?? environment["PAGER"] ?? "less"
        guard !command.isEmpty, command != "cat" else { return false }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        // As git: quit if it fits on one screen, keep colours, do not clear the screen at the end.
        process.environment = environment.merging(["LESS": environment["LESS"] ?? "FRX"]) { $1 }
        let pipe = Pipe()
        process.standardInput = pipe
        do {
            try process.run()
        } catch {
            return false
        }
        // A person who leaves the pager early closes the pipe; that is no error.
        signal(SIGPIPE, SIG_IGN)
        try? pipe.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try? pipe.fileHandleForWriting.close()
        process.waitUntilExit()
        return process.terminationStatus != 127
    }
}
