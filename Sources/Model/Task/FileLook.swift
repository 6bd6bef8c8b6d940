/// Which files of a plan's scope are done at a commit.
package struct FileLook: Codable, Sendable, Equatable {
    package struct File: Codable, Sendable, Equatable {
        package var path: String
        /// The content, to know a file that was moved.
        package var blob: ObjectID
        /// The first `done` check that fails; nil for a file that is done.
        package var openCheck: String?

        package init(path: String, blob: ObjectID, openCheck: String?) {
            self.path = path
            self.blob = blob
            self.openCheck = openCheck
        }

        package var isDone: Bool { openCheck == nil }
    }

    package var commit: ObjectID
    /// Sorted by path.
    package var files: [File]

    package init(commit: ObjectID, files: [File]) {
        self.commit = commit
        self.files = files
    }

    package var done: Int { files.count(where: \.isDone) }

    /// A file that a ratchet refuses.
    package struct Setback: Sendable, Equatable {
        package enum Kind: String, Sendable {
            /// It was done and is not any more.
            case regressed
            /// It is new and not done.
            case new
        }

        package var path: String
        package var kind: Kind
        /// The check that fails.
        package var check: String

        package init(path: String, kind: Kind, check: String) {
            self.path = path
            self.kind = kind
            self.check = check
        }
    }

    /// Returns the files that became worse. An open file that was only moved is not listed.
    /// - Parameter before: the files of an earlier commit.
    package func setbacks(since before: FileLook) -> [Setback] {
        var known: [String: File] = [:]
        for file in before.files { known[file.path] = file }
        let here = Set(files.map(\.path))
        var moved: [ObjectID: Int] = [:]
        for file in before.files where !file.isDone && !here.contains(file.path) { moved[file.blob, default: 0] += 1 }
        return files.compactMap { file in
            guard let check = file.openCheck else { return nil }
            if let old = known[file.path] {
                return old.isDone ? Setback(path: file.path, kind: .regressed, check: check) : nil
            }
            if let left = moved[file.blob], left > 0 {
                moved[file.blob] = left - 1
                return nil
            }
            return Setback(path: file.path, kind: .new, check: check)
        }
    }
}
