package import Model

extension Repository {
    /// The reference of the notes that hold what would else be in commit messages.
    package static let notesReference = "refs/notes/orchestrate"

    /// Times that a change of the notes is repeated because another process has changed them.
    private static let mostTries = 50

    /// Returns the note of a commit; nil if it has none.
    package func note(of commit: ObjectID) throws(GitError) -> String? {
        guard let tip = try value(of: Self.notesReference) else { return nil }
        return try note(of: commit, inTree: try treeOf(tip))
    }

    /// Returns the records with the trailers of their notes.
    func noted(_ records: [CommitRecord]) throws(GitError) -> [CommitRecord] {
        guard !records.isEmpty, let tip = try value(of: Self.notesReference) else { return records }
        let tree = try treeOf(tip)
        var noted = records
        for number in noted.indices {
            guard let text = try note(of: noted[number].id, inTree: tree) else { continue }
            noted[number].noteTrailers = MessageParts(text).trailers
        }
        return noted
    }

    private func note(of commit: ObjectID, inTree tree: ObjectID) throws(GitError) -> String? {
        for path in Self.notePaths(of: commit) {
            guard let entry = try entry(path, inTree: tree) else { continue }
            return String(decoding: try blob(entry.id), as: UTF8.self)
        }
        return nil
    }

    /// Sets the notes of commits in one change. A note that exists is replaced.
    ///
    /// - Throws: `moved` if other processes change the notes all the time.
    package func setNotes(_ notes: [(commit: ObjectID, text: String)]) throws(GitError) {
        if notes.isEmpty { return }
        var changes: [(path: String, entry: (mode: FileMode, id: ObjectID)?)] = []
        for note in notes {
            let paths = Self.notePaths(of: note.commit)
            changes.append((paths[0], (FileMode.regular, try writeBlob(Array(note.text.utf8)))))
            // Git may have stored it at another depth.
            for path in paths.dropFirst() { changes.append((path, nil)) }
        }
        let identity = try configIdentity() ?? ("orchestrate", "orchestrate@localhost")
        for attempt in 1...Self.mostTries {
            let tip = try value(of: Self.notesReference)
            let before = try tip.map { (tip) throws(GitError) in try treeOf(tip) }
            let tree = try tree(base: before, applying: changes)
            if tree == before { return }
            let signature = Signature(name: identity.name, email: identity.email, seconds: Self.secondsNow)
            let commit = try commit(
                tree: tree, parents: tip.map { [$0] } ?? [], message: "Notes added by orchestrate\n", author: signature,
                committer: signature)
            do throws(GitError) {
                return try compareAndSwap(
                    reference: Self.notesReference, from: tip, to: commit, reason: "orchestrate: add notes")
            } catch {
                guard case .moved = error, attempt < Self.mostTries else { throw error }
            }
        }
    }

    /// The places of a note in a tree of notes. Git divides a large tree by the first digits of the ids.
    private static func notePaths(of commit: ObjectID) -> [String] {
        let (hex, rest) = (commit.hex, commit.hex.dropFirst(2))
        return ["\(hex.prefix(2))/\(rest)", hex, "\(hex.prefix(2))/\(rest.prefix(2))/\(rest.dropFirst(2))"]
    }
}
