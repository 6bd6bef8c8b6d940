import Foundation
package import Model

/// What Git ignores in the user's checkout.
package struct IgnoredFiles: Sendable {
    /// Files and links, from the top of the checkout.
    package var files: [String] = []
    /// The ignored paths that hold them: a folder, or the file itself.
    package var roots: [String] = []
}

extension Repository {
    /// Finds the files in the user's checkout that Git ignores and that match one of some globs. The user's own excludes
    /// count.
    ///
    /// - Returns: nothing for a bare repository.
    package func ignoredFiles(matching globs: GlobSet) throws(GitError) -> IgnoredFiles {
        guard let workingDirectory else { return IgnoredFiles() }
        let command = GitCommand(
            arguments: [
                "-C", workingDirectory, "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory",
            ], gitDirectory: gitDirectory, workTree: workingDirectory, environment: environment)
        var found = IgnoredFiles()
        for entry in try command.run().output.split(separator: 0) {
            guard var path = String(validating: entry, as: UTF8.self) else { continue }
            guard path.hasSuffix("/") else {
                if globs.matches(path) {
                    found.files.append(path)
                    found.roots.append(path)
                }
                continue
            }
            path.removeLast()
            let inside = Self.files(below: path, of: workingDirectory, matching: globs.matches(path) ? nil : globs)
            if !inside.isEmpty { found.roots.append(path) }
            found.files += inside
        }
        return found
    }

    /// - Parameter globs: nil for all files.
    private static func files(below folder: String, of top: String, matching globs: GlobSet?) -> [String] {
        var found: [String] = []
        var open = [folder]
        while let next = open.popLast() {
            for name in FileSystem.names(in: "\(top)/\(next)") {
                let path = "\(next)/\(name)"
                var status = stat()
                guard lstat("\(top)/\(path)", &status) == 0 else { continue }
                if status.isDirectory {
                    open.append(path)
                } else if status.isPlain, globs?.matches(path) ?? true {
                    found.append(path)
                }
            }
        }
        return found.sorted()
    }

    /// Returns the paths that the rules of the user's checkout ignore, its own excludes and those of the user among
    /// them. A path of a folder ends in `/`.
    package func ignored(among paths: [String]) throws(GitError) -> Set<String> {
        guard let workingDirectory, !paths.isEmpty else { return [] }
        let command = GitCommand(
            arguments: ["-C", workingDirectory, "check-ignore", "-z", "--stdin", "--no-index"],
            gitDirectory: gitDirectory, workTree: workingDirectory,
            input: Array(paths.joined(separator: "\0").utf8) + [0], environment: environment)
        let output = try command.run(accepting: [0, 1]).output
        return Set(output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) })
    }
}
