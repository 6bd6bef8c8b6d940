import Foundation

/// The user's pager.
enum Pager {
    /// The command from `ORCHESTRATE_PAGER` or `PAGER`, else `less`; nil where the text is to be printed as it is.
    static func command(_ environment: [String: String]) -> String? {
        let command = environment["ORCHESTRATE_PAGER"] ?? environment["PAGER"] ?? "less"
        return command.isEmpty || command == "cat" ? nil : command
    }

    /// Shows a text in the pager.
    /// - Parameter staysOpen: whether to wait for a key even if the text fits on one screen.
    /// - Returns: false if no pager could be started.
    static func show(_ text: String, staysOpen: Bool = false, environment: [String: String] = Terminal.environment)
        -> Bool
    {
        guard let command = command(environment) else { return false }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        // As git does: quit if it fits on one screen, keep colours, do not clear the screen at the end.
        process.environment = environment.merging(["LESS": environment["LESS"] ?? (staysOpen ? "R" : "FRX")]) { $1 }
        let pipe = Pipe()
        process.standardInput = pipe
        do {
            try process.run()
        } catch {
            return false
        }
        // Leaving the pager early closes the pipe, which is not an error.
        signal(SIGPIPE, SIG_IGN)
        try? pipe.fileHandleForWriting.write(contentsOf: Data(Terminal.shown(text, on: STDOUT_FILENO).utf8))
        try? pipe.fileHandleForWriting.close()
        process.waitUntilExit()
        return process.terminationStatus != 127
    }
}
