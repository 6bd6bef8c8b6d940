import CGit2
package import Model

extension Repository {
    /// Returns the commit that a revision names: a branch, a tag, an id, `HEAD~2` and the like.
    ///
    /// - Throws: `unknownRevision`, or `noCommits` if the repository has no commits at all.
    package func resolve(_ revision: String) throws(GitError) -> ObjectID {
        try withHandle { (handle) throws(GitError) in
            var found: OpaquePointer?
            var commit: OpaquePointer?
            defer {
                git_object_free(found)
                git_object_free(commit)
            }
            guard git_revparse_single(&found, handle.pointer, revision) == 0,
                git_object_peel(&commit, found, GIT_OBJECT_COMMIT) == 0, let id = git_object_id(commit)
            else {
                if git_repository_head_unborn(handle.pointer) == 1, !handle.hasReferences {
                    throw .noCommits(path: location)
                }
                throw .unknownRevision(revision, repository: location)
            }
            return RawID(id.pointee).objectID
        }
    }

    /// Returns the tree of a commit.
    package func treeOf(_ commit: ObjectID) throws(GitError) -> ObjectID {
        try withHandle { (handle) throws(GitError) in try handle.commit(commit) }.tree
    }

    /// Reads a commit and its note.
    package func commit(_ id: ObjectID) throws(GitError) -> CommitRecord {
        let record = try withHandle { (handle) throws(GitError) in try handle.commit(id) }
        return try noted([record])[0]
    }

    /// Returns the commits between a base (exclusive) and a tip along first parents, oldest first, with their
    /// notes.
    ///
    /// - Throws: `unknownRevision` if the base is not a first-parent ancestor of the tip.
    package func commits(from base: ObjectID, to tip: ObjectID) throws(GitError) -> [CommitRecord] {
        let records = try withHandle { (handle) throws(GitError) -> [CommitRecord] in
            var found: [CommitRecord] = []
            var next = tip
            while next != base {
                let record = try handle.commit(next)
                found.append(record)
                guard let parent = record.parents.first else {
                    throw .unknownRevision("\(base.short)..\(tip.short)", repository: location)
                }
                next = parent
            }
            return found.reversed()
        }
        return try noted(records)
    }

    /// Returns whether a commit is an ancestor of another, or the same commit.
    package func isAncestor(_ ancestor: ObjectID, of tip: ObjectID) throws(GitError) -> Bool {
        if ancestor == tip { return true }
        return try withHandle { (handle) throws(GitError) in
            var commit = RawID(tip).oid
            var older = RawID(ancestor).oid
            let status = git_graph_descendant_of(handle.pointer, &commit, &older)
            try Library.check(status, "compare \(ancestor.short) and \(tip.short) in '\(location)'")
            return status == 1
        }
    }

    /// Stores a commit without moving a reference.
    ///
    /// - Parameters:
    ///   - message: zero bytes are dropped; a newline is added at the end if missing.
    ///   - author, committer: control characters and `<>` are dropped from names, as Git does.
    ///   - isSigned: whether git signs it, as its configuration says.
    /// - Throws: `missingObject` if the tree or a parent does not exist; `command` if it cannot be signed.
    package func commit(
        tree: ObjectID, parents: [ObjectID], message: String, author: Signature, committer: Signature,
        isSigned: Bool = false
    ) throws(GitError) -> ObjectID {
        if isSigned {
            return try signedCommit(
                tree: tree, parents: parents, message: message, author: author, committer: committer)
        }
        var text = "tree \(tree.hex)\n"
        for parent in parents { text += "parent \(parent.hex)\n" }
        text += "author \(author.line)\ncommitter \(committer.line)\n\n"
        text += message.filter { $0 != "\0" }
        if !text.hasSuffix("\n") { text += "\n" }
        let bytes = Array(text.utf8)
        return try withObjects { (objects) throws(GitError) in
            for id in [tree] + parents where !objects.contains(RawID(id)) && id.hex != RawTree.emptyHex {
                throw .missingObject(id.hex, repository: location, partialClone: isPartialClone)
            }
            return try objects.write(bytes, as: .commit).objectID
        }
    }

    /// Returns `user.name` and `user.email` from the repository's, the user's or the system's configuration; nil if one of
    /// them is missing.
    package func configIdentity() throws(GitError) -> (name: String, email: String)? {
        try withHandle { (handle) throws(GitError) -> Identity? in
            let configuration = try Configuration(of: handle.pointer)
            guard let name = configuration.string("user.name"), let email = configuration.string("user.email") else {
                return nil
            }
            return Identity(name: name, email: email)
        }.map { ($0.name, $0.email) }
    }

    private struct Identity: Sendable {
        var name: String
        var email: String
    }
}

extension Signature {
    /// The signature in the syntax of a commit object.
    fileprivate var line: String {
        func clean(_ text: String) -> String {
            let kept = text.unicodeScalars.filter { $0.value >= 0x20 && $0 != "<" && $0 != ">" }
            return String(String.UnicodeScalarView(kept)).trimmingSpaces
        }
        let sign = offsetMinutes < 0 ? "-" : "+"
        let minutes = abs(offsetMinutes)
        let zone = (minutes / 60) * 100 + minutes % 60
        let digits = String(zone)
        let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        return "\(clean(name)) <\(clean(email))> \(seconds) \(sign)\(padded)"
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        var text = Substring(self)
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}

extension RepositoryHandle {
    fileprivate var hasReferences: Bool {
        var iterator: OpaquePointer?
        guard git_reference_iterator_new(&iterator, pointer) == 0 else { return false }
        defer { git_reference_iterator_free(iterator) }
        var name: UnsafePointer<CChar>?
        return git_reference_next_name(&name, iterator) == 0
    }

    fileprivate func commit(_ id: ObjectID) throws(GitError) -> CommitRecord {
        var oid = RawID(id).oid
        var commit: OpaquePointer?
        let status = git_commit_lookup(&commit, pointer, &oid)
        if status == GIT_ENOTFOUND.rawValue {
            throw .missingObject(id.hex, repository: objects.repository, partialClone: objects.isPartialClone)
        }
        try Library.check(status, "read commit \(id.short)")
        defer { git_commit_free(commit) }
        guard let tree = git_commit_tree_id(commit), let author = git_commit_author(commit),
            let committer = git_commit_committer(commit)
        else { throw .malformedObject(id.hex, reason: "it has no tree or no author") }
        let parents = (0..<git_commit_parentcount(commit)).compactMap { number in
            git_commit_parent_id(commit, number).map { RawID($0.pointee).objectID }
        }
        let message = git_commit_message(commit).map { String(cString: $0) } ?? ""
        let parts = MessageParts(message)
        return CommitRecord(
            id: id, parents: parents, tree: RawID(tree.pointee).objectID, author: Signature(author.pointee),
            committer: Signature(committer.pointee), subject: parts.subject, body: parts.body,
            trailers: parts.trailers)
    }
}

extension Signature {
    fileprivate init(_ signature: git_signature) {
        self.init(
            name: signature.name.map { String(cString: $0) } ?? "",
            email: signature.email.map { String(cString: $0) } ?? "",
            seconds: signature.when.time, offsetMinutes: Int(signature.when.offset))
    }
}
