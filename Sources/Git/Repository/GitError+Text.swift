import Foundation
import Model

extension GitError {
    /// What happened, and where.
    package var message: String {
        switch self {
        case .notARepository(let path): "no Git repository at '\(path)' or above it"
        case .foreignOwner(let path): "the repository '\(path)' belongs to another user"
        case .unsupportedRepository(let path, let feature): "the repository '\(path)' uses \(feature)"
        case .noCommits(let path): "the repository '\(path)' has no commits yet"
        case .unknownRevision(let name, let repository): "'\(name)' is not a commit in '\(repository)'"
        case .missingObject(let id, let repository, _): "object \(id) is missing from '\(repository)'"
        case .malformedObject(let id, let reason): "object \(id) cannot be used: \(reason)"
        case .moved(let reference, let expected, let actual):
            "'\(reference)' was expected \(Self.expectation(expected)) but \(Self.finding(actual))"
        case .locked(let file): "another Git process holds the lock file '\(file)'"
        case .referenceInTheWay(let reference, let existing):
            "'\(reference)' cannot be created while '\(existing)' exists"
        case .invalidReference(let name, let reason): "'\(name)' cannot be used as a reference: \(reason)"
        case .filterUnavailable(let path, let filter, let reason):
            "'\(path)' needs the filter '\(filter)': \(reason)"
        case .unsafePath(let path, let reason): "the path '\(path)' cannot be used: \(reason)"
        case .fileTooLarge(let path, let bytes, let limit):
            "'\(path)' has \(bytes) bytes; the limit is \(limit)"
        case .fileSystem(let operation, let path, let code):
            "cannot \(operation) '\(path)': \(String(cString: strerror(code)))"
        case .command(let command, let status, let output):
            "'\(command)' ended with status \(status): \(output)"
        case .library(let operation, let message): "\(operation): \(message)"
        }
    }

    /// What to do next; nil if the message is clear enough.
    package var hint: String? {
        switch self {
        case .notARepository: "name a directory inside a repository, or make one with 'git init' and a first commit"
        case .foreignOwner(let path):
            "if you trust it: git config --global --add safe.directory '\(path)'"
        case .unsupportedRepository(_, let feature) where feature.hasSuffix("git does not know"):
            "install a newer git, which the repository needs anyway, or work on a clone: git clone REPOSITORY COPY"
        case .unsupportedRepository:
            "work on a clone in the SHA-1 object format with the files reference store: "
                + "git clone --ref-format=files REPOSITORY COPY"
        case .noCommits: "make a first commit"
        case .unknownRevision: "'git log --all' lists the commits"
        case .missingObject(_, let repository, let partialClone):
            partialClone
                ? "fetch what the partial clone left out: git -C '\(repository)' fetch --refetch --no-filter origin"
                : "'git gc --prune=now' removes objects that no branch refers to: type the command again; "
                    + "in a shallow clone, type 'git -C \(repository) fetch --unshallow'"
        case .moved: "another process moved it; look at it and start again from its new value"
        case .locked(let file): "try again when it has ended; if no Git process is running: rm '\(file)'"
        case .referenceInTheWay(_, let existing): Self.renaming(existing)
        case .filterUnavailable(_, let filter, _):
            "configure it ('git lfs install' for lfs, else filter.\(filter).clean and .smudge), or leave the file out"
        case .fileTooLarge: "ignore it in .gitignore, or remove it"
        case .invalidReference, .malformedObject, .unsafePath, .fileSystem, .command, .library: nil
        }
    }

    private static func renaming(_ reference: String) -> String {
        let heads = "refs/heads/"
        guard reference.hasPrefix(heads) else { return "delete or rename '\(reference)', or choose another name" }
        let branch = reference.dropFirst(heads.count)
        return "rename that branch ('git branch -m \(branch) NEW-NAME') or delete it, or choose another name"
    }

    private static func expectation(_ id: ObjectID?) -> String { id.map { "at \($0.short)" } ?? "not to exist" }
    private static func finding(_ id: ObjectID?) -> String { id.map { "is at \($0.short)" } ?? "does not exist" }
}
