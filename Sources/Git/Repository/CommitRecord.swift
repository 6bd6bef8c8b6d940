package import Model

/// A commit as read from the repository.
package struct CommitRecord: Sendable, Hashable {
    /// A `Key: value` line of the message's last paragraph.
    package struct Trailer: Sendable, Hashable {
        package var key: String
        package var value: String

        package init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    package var id: ObjectID
    package var parents: [ObjectID]
    package var tree: ObjectID
    package var author: Signature
    package var committer: Signature
    /// First line of the message.
    package var subject: String
    /// The text between the subject and the trailers, without blank lines at its ends.
    package var body: String
    package var trailers: [Trailer]
    /// The trailers of the commit's note.
    package var noteTrailers: [Trailer] = []

    /// Returns the value of the last trailer with a key, in the message or the note. Case does not matter, as in Git.
    package func trailer(_ key: String) -> String? {
        (trailers + noteTrailers).last { $0.key.lowercased() == key.lowercased() }?.value
    }
}

/// A person and a time, as author or committer of a commit.
package struct Signature: Sendable, Hashable {
    package var name: String
    package var email: String
    /// Seconds since 1970.
    package var seconds: Int64
    /// Minutes east of UTC.
    package var offsetMinutes: Int

    package init(name: String, email: String, seconds: Int64, offsetMinutes: Int = 0) {
        self.name = name
        self.email = email
        self.seconds = seconds
        self.offsetMinutes = offsetMinutes
    }
}
