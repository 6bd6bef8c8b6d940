#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension ProcessRequest {
    /// Longest command given to the shell as an argument. Linux takes 131,071 bytes in one argument whatever `ARG_MAX`
    /// says (MAX_ARG_STRLEN).
    static let longestArgument = 100_000

    /// Where a command that is too long for an argument is written; nil for one that is not.
    var commandFile: String? {
        guard case .shell(let text) = command, text.utf8.count > Self.longestArgument else { return nil }
        return output.paths[0] + ".command"
    }

    /// The program and its arguments; a shell command that is too long for an argument is written to a file first.
    func arguments() throws(JobsError) -> [String] {
        switch command {
        case .arguments(let arguments):
            guard let program = arguments.first, !program.isEmpty else { throw .emptyCommand }
            return arguments
        case .shell(let text):
            guard let path = commandFile else { return ["/bin/sh", "-c", text] }
            unlink(path)
            try UntrustedFile.create(path, Array(text.utf8))
            return ["/bin/sh", path]
        }
    }

    /// - Throws: `JobsError.environment` for a variable that would turn into another one.
    func checkEnvironment() throws(JobsError) {
        for (name, value) in environment
        where name.isEmpty || name.utf8.contains(UInt8(ascii: "=")) || name.utf8.contains(0) || value.utf8.contains(0) {
            throw .environment(name)
        }
    }
}
