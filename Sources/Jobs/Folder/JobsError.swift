#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A failure to prepare, start or read a job.
package enum JobsError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum FileProblem: Sendable, Equatable {
        /// With the system's error number.
        case open(Int32)
        case write(Int32)
        case read(Int32)
        /// A symbolic link, pipe, device or directory in place of a regular file.
        case notRegular
        /// With the limit in bytes.
        case tooLarge(Int)
    }

    case file(String, FileProblem)
    case emptyCommand
    /// Name of the variable.
    case environment(String)
    /// Bytes of the program's arguments, and of its environment.
    case tooLong(arguments: Int, environment: Int)
    /// A program or directory, with the system's error number.
    case cannotStart(String, Int32)
    /// With the system's error number.
    case cannotConfine(Int32)
    /// No sandbox is available although `sandbox: on` requires one; one line per attempt to make one.
    case noSandbox([String])
    /// With the message of the program that makes the sandbox.
    case sandboxFailed(String)

    package var description: String {
        switch self {
        case .file(let path, let problem):
            switch problem {
            case .open(let number): "\(path): cannot be opened: \(Self.text(number))"
            case .write(let number): "\(path): cannot be written: \(Self.text(number)); is the disk full?"
            case .read(let number): "\(path): cannot be read: \(Self.text(number))"
            case .notRegular: "\(path): is not a plain file; something has replaced it"
            case .tooLarge(let limit): "\(path): is larger than \(limit) bytes"
            }
        case .emptyCommand: "the command is empty; name a program to run"
        case .environment(let name):
            "the environment variable '\(name)' cannot be passed to a program: its name is empty or holds '=', or it holds a zero byte"
        case .tooLong(let arguments, let environment):
            "the command has \(arguments) bytes and its environment \(environment), more than the system accepts; "
                + "name fewer files at once"
        case .cannotStart(let path, let number): "\(path): \(Self.text(number))"
        case .cannotConfine(let number): "the process could not be confined: \(Self.text(number))"
        case .noSandbox(let reasons):
            "no sandbox is available on this machine: \(reasons.joined(separator: "; ")). "
                + "Install bubblewrap and allow user namespaces, or set 'sandbox: off' in the plan if you trust "
                + "everything that it runs"
        case .sandboxFailed(let words): "the sandbox could not be created: \(words)"
        }
    }

    private static func text(_ number: Int32) -> String { String(cString: strerror(number)) }
}
