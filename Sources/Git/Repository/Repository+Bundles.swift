import Foundation
package import Model

/// Commits that travel between machines as files.
extension Repository {
    /// Opens a bare repository, and makes it if it is missing.
    package static func bare(at path: String, environment: [String: String]) throws(GitError) -> Repository {
        if !FileSystem.isDirectory("\(path)/objects") {
            let command = GitCommand(
                arguments: ["init", "--quiet", "--bare", path], gitDirectory: path, environment: environment)
            _ = try command.run()
        }
        return try Repository(at: path, environment: environment)
    }

    /// Whether a commit is there.
    package func holds(_ commit: ObjectID) -> Bool { (try? treeOf(commit)) != nil }

    /// Writes a commit, with its history, into a file that `fetch` reads. Writes no file if the reader has the commit.
    ///
    /// - Parameters:
    ///   - commit: a commit that a reference names.
    ///   - reference: that reference.
    ///   - path: absolute path of the new file.
    ///   - known: commits whose objects the reader has. Those that are not here are left out.
    package func bundle(
        _ reference: String, into path: String, without known: [ObjectID]
    ) throws(GitError) {
        let here = known.filter(holds)
        if try writeSmallBundle(reference, into: path, without: here) { return }
        let hidden = here.map { "^\($0.hex)" }
        func git(_ arguments: [String]) -> GitCommand {
            GitCommand(arguments: arguments + hidden, gitDirectory: commonDirectory, environment: environment)
        }
        do {
            _ = try git(["bundle", "create", "--quiet", path, reference]).run()
        } catch {
            // Git makes no empty bundle.
            guard try git(["rev-list", "--max-count=1", reference]).run().output.isEmpty else { throw error }
        }
    }

    /// Stores the objects of a commit from a bundle, a repository or a URL. No reference changes.
    ///
    /// Git checks each object, but a small bundle is stored as it is: who does not trust its writer checks its trees.
    ///
    /// - Parameters:
    ///   - source: absolute path of a bundle or a Git directory, or a URL.
    ///   - wanted: a reference there, or the commit's id.
    package func fetch(_ wanted: String, from source: String) throws(GitError) {
        if try readSmallBundle(wanted, from: source) { return }
        let command = GitCommand(
            arguments: [
                "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--recurse-submodules=no", source, wanted,
            ],
            configuration: [
                ("fetch.fsckObjects", "true"), ("protocol.file.allow", "always"), ("protocol.ext.allow", "never"),
                ("uploadpack.allowAnySHA1InWant", "true"),
            ],
            gitDirectory: commonDirectory, environment: environment)
        _ = try command.run()
    }
}
