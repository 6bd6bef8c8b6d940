import Foundation
import Git
import Model

/// What is wrong with the globs of `copy` in a repository, before anything is copied.
struct CopyAdvice {
    let globs: [String]
    let repository: Repository
    /// What the plan starts from.
    let base: String

    /// Larger copies are worth a note: each slot gets one.
    private static let mostBytes = 200 << 20
    private static let mostFiles = 20_000

    /// Returns why nothing could be copied, each with a hint; empty if every glob matches something.
    func problems() throws(GitError) -> [String] {
        guard !globs.isEmpty, repository.workingDirectory != nil, let found = try ignored() else { return [] }
        let tracked = try trackedPaths()
        var problems: [String] = []
        for pattern in globs {
            guard let glob = try? Glob(pattern), !found.files.contains(where: glob.matches),
                !found.roots.contains(where: glob.matches)
            else { continue }
            if let path = tracked.first(where: glob.matches) {
                problems.append(
                    "'copy' names '\(pattern)', which matches only files that Git tracks, such as \(path): each slot has "
                        + "them as they are in its commit\n  hint: remove '\(pattern)' from 'copy'")
            } else if let path = try repository.uncommittedPaths().first(where: glob.matches) {
                problems.append(
                    "'copy' names '\(pattern)', which matches \(path), and Git does not ignore that\n  hint: commit it, or "
                        + "add it to .gitignore")
            } else {
                let error = CoordinatorError.nothingToCopy(glob: pattern, checkout: repository.workingDirectory)
                problems.append(error.description)
            }
        }
        return problems
    }

    /// Returns what a person should know of the files that are copied.
    func notes() throws(GitError) -> [String] {
        guard !globs.isEmpty, let checkout = repository.workingDirectory, let found = try ignored() else { return [] }
        return [try alsoTracked(found), size(of: found, in: checkout)].compactMap { $0 } + links(in: found, checkout)
    }

    /// Returns nil for globs that cannot be read, which the reader of the plan has refused.
    private func ignored() throws(GitError) -> IgnoredFiles? {
        guard let set = try? GlobSet(globs) else { return nil }
        return try repository.ignoredFiles(matching: set)
    }

    private func trackedPaths() throws(GitError) -> [String] {
        try repository.files(inTree: repository.treeOf(repository.resolve(base))).entries.map(\.path)
    }

    private func alsoTracked(_ found: IgnoredFiles) throws(GitError) -> String? {
        let tracked = try trackedPaths()
        for pattern in globs {
            guard let glob = try? Glob(pattern), found.files.contains(where: glob.matches),
                let path = tracked.first(where: glob.matches)
            else { continue }
            return
                "'copy' names '\(pattern)', which also matches files that Git tracks, such as \(path): they are not copied, "
                + "a slot has them as they are in its commit\n  hint: write a narrower glob in 'copy'"
        }
        return nil
    }

    private func size(of found: IgnoredFiles, in checkout: String) -> String? {
        let bytes = found.files.reduce(0) { sum, path in
            var status = stat()
            return lstat("\(checkout)/\(path)", &status) == 0 ? sum + Int(status.st_size) : sum
        }
        guard bytes > Self.mostBytes || found.files.count > Self.mostFiles else { return nil }
        return
            "'copy' brings \(Count.text(found.files.count, "file")) of \(bytes >> 20) MB into each slot\n  hint: let a step of "
            + "'setup' make them once, or name fewer files in 'copy'"
    }

    /// Links out of the checkout: a slot gets the link, and the sandbox hides what it leads to.
    private func links(in found: IgnoredFiles, _ checkout: String) -> [String] {
        found.files.compactMap { path in
            let whole = "\(checkout)/\(path)"
            guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: whole) else { return nil }
            let real = URL(fileURLWithPath: whole).resolvingSymlinksInPath().path
            let root = URL(fileURLWithPath: checkout).resolvingSymlinksInPath().path
            guard !real.hasPrefix("\(root)/") else { return nil }
            return
                "'copy' brings the link '\(path)', which leads out of the repository to \(target)\n  hint: put the file in its "
                + "place, or write 'sandbox: {read: [\"\(real)\"]}'"
        }
    }
}
