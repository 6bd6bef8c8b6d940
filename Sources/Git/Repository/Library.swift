import CGit2
import Foundation

/// The one place that starts libgit2 and reads its errors.
enum Library {
    /// Started at the first use, never stopped: handles may outlive any point at which it could be.
    private static let started: Bool = {
        git_libgit2_init()
        // These extensions change nothing that is read here; without this libgit2 refuses to open such a repository.
        // "objectformat" stands here so that SHA-256 gets an error of ours that says what to do.
        let names = ["objectformat", "partialclone", "preciousobjects", "worktreeconfig"]
        var pointers = names.map { strdup($0) }
        orchestrate_git_accept_extensions(&pointers, pointers.count)
        pointers.forEach { free($0) }
        // Git does not hash packed objects again when it reads them either; it doubles the time of reading.
        orchestrate_git_verify_hashes_on_read(0)
        // Without a limit of ours every tree and commit of a long run stays, up to 256 MiB.
        orchestrate_git_limit_cache(16 << 20)
        return true
    }()

    static func start() { _ = started }

    /// Turns a libgit2 status into an error; must be called right after the function that returned it, on its thread.
    static func check(_ status: Int32, _ operation: @autoclosure () -> String) throws(GitError) {
        if status < 0 { throw .library(operation: operation(), message: lastMessage()) }
    }

    static func lastMessage() -> String {
        guard let error = git_error_last(), let text = error.pointee.message else { return "unknown error" }
        return String(cString: text)
    }
}
