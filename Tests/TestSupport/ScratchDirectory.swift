import Foundation

/// A fresh directory that is deleted with its owner, whatever permissions its content was given meanwhile.
package final class ScratchDirectory: Sendable {
    /// Absolute path without symbolic links in it.
    package let path: String

    /// - Parameter name: ends up in the directory's name, so that a leftover can be traced to its test.
    package init(_ name: String = "scratch") throws {
        let parent = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
        path = "\(parent)/orchestrate-\(name)-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        // Tests leave directories that cannot be entered; `rm` cannot delete what lies in them.
        _ = try? run("/bin/chmod", ["-R", "u+rwx", path], in: "/", environment: [:], input: [])
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The absolute path of something inside the directory.
    package func appending(_ relative: String) -> String { "\(path)/\(relative)" }

    /// Writes a shell script that can be run at once, and returns its absolute path.
    ///
    /// A process of its own writes it: a program whose file this process has open for writing, or a child that another test is
    /// just starting, cannot be run ("text file busy").
    ///
    /// - Parameter script: what follows the line with the name of the shell.
    @discardableResult
    package func addProgram(_ relative: String, _ script: String = "") throws -> String {
        let result = try run(
            "/bin/sh", ["-c", "/bin/cat >\"$1\" && /bin/chmod 755 \"$1\"", "sh", appending(relative)], in: path,
            environment: [:], input: Array("#!/bin/sh\n\(script)\n".utf8))
        guard result.status == 0 else { throw ScratchProcessFailure(command: ["write", relative], result: result) }
        return appending(relative)
    }

    /// Makes a directory below this one and returns its absolute path.
    @discardableResult
    package func makeDirectory(_ relative: String) throws -> String {
        try FileManager.default.createDirectory(atPath: appending(relative), withIntermediateDirectories: true)
        return appending(relative)
    }
}
