#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension ProcessRequest {
    /// Bytes of the longest command that is given to the shell as an argument. Linux accepts 131,071 bytes in one
    /// argument, independent of `ARG_MAX` (MAX_ARG_STRLEN).
    static let longestArgument = 100_000

    /// The file for a command that is too long for an argument; nil for a shorter one.
    var commandFile: String? {
        guard case .shell(let text) = command, text.utf8.count > Self.longestArgument else { return nil }
        return output.paths[0] + ".command"
    }

    /// Returns the program and its arguments. A shell command that is too long for an argument is written to a file.
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

    /// Checks that every variable reaches the program unchanged.
    ///
    /// - Throws: `JobsError.environment` for a variable that cannot be passed.
    func checkEnvironment() throws(JobsError) {
        for (name, value) in environment
        where name.isEmpty || name.utf8.contains(UInt8(ascii: "=")) || name.utf8.contains(0) || value.utf8.contains(0) {
            throw .environment(name)
        }
    }
}
