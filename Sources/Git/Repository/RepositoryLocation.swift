import CGit2

/// The paths of a repository's parts.
struct RepositoryLocation: Sendable {
    var gitDirectory: String
    var commonDirectory: String
    var workingDirectory: String?

    /// - Parameter path: the path that was opened, for messages.
    init(of repository: borrowing RepositoryPointer, path: String) throws(GitError) {
        let pointer = repository.pointer
        try Self.refuseOtherFormats(pointer, path: path)
        gitDirectory = Self.directory(git_repository_path(pointer)) ?? path
        commonDirectory = Self.directory(git_repository_commondir(pointer)) ?? path
        workingDirectory = git_repository_is_bare(pointer) == 1 ? nil : Self.directory(git_repository_workdir(pointer))
    }

    /// Returns whether the repository is a partial clone: it has a promisor remote or the extension that goes with it.
    static func isPartialClone(_ repository: OpaquePointer) throws(GitError) -> Bool {
        try Configuration(of: repository).hasEntry(matching: "^(extensions\\.partialclone|remote\\..*\\.promisor)$")
    }

    private static func refuseOtherFormats(_ repository: OpaquePointer, path: String) throws(GitError) {
        let configuration = try Configuration(of: repository)
        if let format = configuration.string("extensions.objectformat"), format.lowercased() != "sha1" {
            throw .unsupportedRepository(path: path, feature: "the object format \(format)")
        }
        // The value may name a folder too: `reftable:PATH`.
        if let store = configuration.string("extensions.refstorage"), store.lowercased() != "files" {
            throw .unsupportedRepository(path: path, feature: "the reference store \(store)")
        }
    }

    /// Returns a path of libgit2 without its trailing slash.
    private static func directory(_ text: UnsafePointer<CChar>?) -> String? {
        guard let text else { return nil }
        let path = String(cString: text)
        return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }
}

/// An open repository of libgit2, freed with its owner.
struct RepositoryPointer: ~Copyable {
    let pointer: OpaquePointer

    /// Opens the repository that contains a path.
    init(opening path: String) throws(GitError) {
        Library.start()
        var repository: OpaquePointer?
        let status = git_repository_open_ext(&repository, path, 0, nil)
        guard status == 0, let repository else {
            throw Self.reason(status: status, message: Library.lastMessage(), path: path)
        }
        pointer = repository
    }

    /// Wraps an object database.
    init(objects: OpaquePointer) throws(GitError) {
        var repository: OpaquePointer?
        try Library.check(git_repository_wrap_odb(&repository, objects), "wrap objects")
        guard let repository else { throw .library(operation: "wrap objects", message: "no handle") }
        pointer = repository
    }

    deinit { git_repository_free(pointer) }

    private static func reason(status: Int32, message: String, path: String) -> GitError {
        switch status {
        // Without any safe.directory libgit2 1.5 reports that it is missing instead of the owner.
        case GIT_ENOTFOUND.rawValue where message.contains("safe.directory"): .foreignOwner(path: path)
        case GIT_ENOTFOUND.rawValue: .notARepository(path: path)
        case GIT_EOWNER.rawValue: .foreignOwner(path: path)
        case _ where message.contains("extension") || message.contains("repository version"):
            .unsupportedRepository(path: path, feature: "a format that is not supported (\(message))")
        default: .library(operation: "open the repository '\(path)'", message: message)
        }
    }
}

/// The configuration of a repository, including the user's and the system's.
struct Configuration: ~Copyable {
    private let pointer: OpaquePointer

    init(of repository: OpaquePointer) throws(GitError) {
        var opened: OpaquePointer?
        try Library.check(git_repository_config_snapshot(&opened, repository), "read the configuration")
        guard let opened else { throw .library(operation: "read the configuration", message: "no handle") }
        pointer = opened
    }

    deinit { git_config_free(pointer) }

    func string(_ name: String) -> String? {
        var value: UnsafePointer<CChar>?
        guard git_config_get_string(&value, pointer, name) == 0, let value else { return nil }
        return String(cString: value)
    }

    /// Returns a boolean value; false if it is missing or no boolean.
    func flag(_ name: String) -> Bool {
        var value: Int32 = 0
        return git_config_get_bool(&value, pointer, name) == 0 && value == 1
    }

    func hasEntry(matching pattern: String) -> Bool {
        var iterator: OpaquePointer?
        guard git_config_iterator_glob_new(&iterator, pointer, pattern) == 0 else { return false }
        defer { git_config_iterator_free(iterator) }
        var entry: UnsafeMutablePointer<git_config_entry>?
        return git_config_next(&entry, iterator) == 0
    }
}
