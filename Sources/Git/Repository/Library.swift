import CGit2
import Foundation

/// Starts libgit2 and reads its errors.
enum Library {
    /// Initialises libgit2 on first use. It is never shut down, since handles may live until the process ends.
    private static let started: Bool = {
        git_libgit2_init()
        var pointers = extensions.map { strdup($0) }
        orchestrate_git_accept_extensions(&pointers, pointers.count)
        pointers.forEach { free($0) }
        // Like Git, does not hash objects when reading them, which would double the time.
        orchestrate_git_verify_hashes_on_read(0)
        // The default limit would keep up to 256 MiB of trees and commits during a long run.
        orchestrate_git_limit_cache(16 << 20)
        return true
    }()

    /// The extensions of gitrepository-layout(5) that Git knows. libgit2 refuses a repository with others.
    ///
    /// Most do not affect what is read here. `RepositoryLocation` refuses the values of `objectformat` and `refstorage`
    /// that do, with a hint.
    private static let extensions = [
        "objectformat", "compatobjectformat", "refstorage", "partialclone", "preciousobjects", "worktreeconfig",
        "relativeworktrees", "submodulepathconfig", "noop-v1",
    ]

    static func start() { _ = started }

    /// Throws if a libgit2 status is an error. Must be called directly after the function that returned it, on the same
    /// thread.
    static func check(_ status: Int32, _ operation: @autoclosure () -> String) throws(GitError) {
        if status < 0 { throw .library(operation: operation(), message: lastMessage()) }
    }

    static func lastMessage() -> String {
        guard let error = git_error_last(), let text = error.pointee.message else { return "unknown error" }
        return String(cString: text)
    }
}
