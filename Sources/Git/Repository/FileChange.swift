package import Model

/// The difference of one path between two trees.
package struct FileChange: Sendable, Hashable {
    package enum Status: String, Sendable, Hashable, Codable {
        case added
        case modified
        case deleted
        /// The kind changed, for example from a file to a symbolic link or a submodule.
        case typeChanged
    }

    /// Path from the root. A path that is not UTF-8 is quoted as Git quotes it.
    package var path: String
    package var status: Status
    package var oldMode: FileMode?
    package var newMode: FileMode?
    package var oldID: ObjectID?
    package var newID: ObjectID?
    /// Lines added and removed; 0 for a binary file.
    package var added: Int
    package var removed: Int
    package var isBinary: Bool

    package init(
        path: String, status: Status, oldMode: FileMode?, newMode: FileMode?, oldID: ObjectID?, newID: ObjectID?,
        added: Int = 0, removed: Int = 0, isBinary: Bool = false
    ) {
        self.path = path
        self.status = status
        self.oldMode = oldMode
        self.newMode = newMode
        self.oldID = oldID
        self.newID = newID
        self.added = added
        self.removed = removed
        self.isBinary = isBinary
    }
}
