package import Model

/// One path of a tree; directories do not appear.
package struct TreeEntry: Sendable, Hashable {
    /// Path from the root, with `/` between its parts.
    package var path: String
    package var mode: FileMode
    package var id: ObjectID

    package init(path: String, mode: FileMode, id: ObjectID) {
        self.path = path
        self.mode = mode
        self.id = id
    }
}

/// All files of a tree.
package struct TreeListing: Sendable, Equatable {
    /// In Git's order (by the bytes of the path).
    package var entries: [TreeEntry]
    /// Paths that are not UTF-8, quoted as Git quotes them. They can be neither tasks nor dependencies.
    package var undecodable: [String]

    package init(entries: [TreeEntry], undecodable: [String]) {
        self.entries = entries
        self.undecodable = undecodable
    }
}
