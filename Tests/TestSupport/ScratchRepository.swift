import Foundation

/// A real repository, driven through the `git` command line without any configuration of the machine.
///
/// Equal calls give equal commit ids: identity and time are fixed.
package final class ScratchRepository: Sendable {
    /// Owns the files; held so that they live as long as the repository.
    package let directory: ScratchDirectory
    /// The working directory, or the repository itself where it is bare.
    package let path: String
    /// A directory that serves as HOME for every git command; a test may put a `.gitconfig` there.
    package let home: String

    /// Makes an empty repository whose first branch is `main`.
    ///
    /// - Parameters:
    ///   - name: the directory's name; may hold any character a file name can.
    ///   - options: more arguments of `git init`, for example `--bare` or `--object-format=sha256`.
    package init(_ name: String = "repository", in directory: ScratchDirectory? = nil, options: [String] = []) throws {
        let directory = try directory ?? ScratchDirectory("repository")
        self.directory = directory
        path = try directory.makeDirectory(name)
        home = try directory.makeDirectory("home")
        try git(["init", "--quiet", "--initial-branch=main"] + options)
    }

    /// Takes a repository that exists already, for example a linked worktree or a clone.
    package init(existing path: String, in directory: ScratchDirectory) throws {
        self.directory = directory
        self.path = path
        home = try directory.makeDirectory("home")
    }

    /// The environment of every git command here: no system or user configuration, fixed identity and time.
    package var environment: [String: String] {
        let date = "2026-01-02T03:04:05+00:00"
        return [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin",
            "HOME": home, "LC_ALL": "C", "TZ": "UTC", "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0",
            "GIT_AUTHOR_NAME": "Ada Author", "GIT_AUTHOR_EMAIL": "ada@example.com", "GIT_AUTHOR_DATE": date,
            "GIT_COMMITTER_NAME": "Carl Committer", "GIT_COMMITTER_EMAIL": "carl@example.com",
            "GIT_COMMITTER_DATE": date,
        ]
    }

    /// Runs git in the working directory and returns its standard output without the last newline.
    ///
    /// - Throws: `ScratchProcessFailure` unless git exits with 0.
    @discardableResult
    package func git(_ arguments: String..., input: [UInt8] = []) throws -> String {
        try git(arguments, input: input)
    }

    @discardableResult
    package func git(_ arguments: [String], input: [UInt8] = []) throws -> String {
        let result = try gitResult(arguments, input: input)
        guard result.status == 0 else { throw ScratchProcessFailure(command: ["git"] + arguments, result: result) }
        return result.text.hasSuffix("\n") ? String(result.text.dropLast()) : result.text
    }

    /// Runs git in the working directory, whatever its exit status.
    package func gitResult(_ arguments: [String], input: [UInt8] = []) throws -> ScratchProcessResult {
        try run(
            "/usr/bin/env", ["git", "-c", "protocol.file.allow=always", "-c", "commit.gpgSign=false"] + arguments,
            in: path, environment: environment, input: input)
    }

    /// The absolute path of a file of the working directory.
    package func appending(_ relative: String) -> String { "\(path)/\(relative)" }

    /// Writes a file of the working directory, with the directories it needs.
    package func write(_ relative: String, _ text: String, executable: Bool = false) throws {
        try write(relative, bytes: Array(text.utf8), executable: executable)
    }

    package func write(_ relative: String, bytes: [UInt8], executable: Bool = false) throws {
        let file = appending(relative)
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        if executable { try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file) }
    }

    /// Makes a symbolic link in the working directory.
    package func link(_ relative: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: appending(relative), withDestinationPath: target)
    }

    /// The text of a file of the working directory.
    package func read(_ relative: String) throws -> String {
        String(decoding: try bytes(relative), as: UTF8.self)
    }

    package func bytes(_ relative: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: appending(relative))))
    }

    package func remove(_ relative: String) throws {
        try FileManager.default.removeItem(atPath: appending(relative))
    }

    /// Commits everything in the working directory and returns the commit's id.
    @discardableResult
    package func commit(_ message: String = "A commit") throws -> String {
        try git("add", "--all")
        try git("commit", "--quiet", "--allow-empty", "--no-verify", "-m", message)
        return try git("rev-parse", "HEAD")
    }

    /// Commits files given by path and text; other files stay as they are.
    @discardableResult
    package func commit(_ files: [String: String], message: String = "A commit") throws -> String {
        for (file, text) in files { try write(file, text) }
        return try commit(message)
    }
}
