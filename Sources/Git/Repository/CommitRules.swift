/// The `.gitignore` and `.gitattributes` files of a commit, by directory.
final class CommitRules {
    private let lookUp: (RawPath) -> TreeDifference.Side?
    private let info: AttributeFile?
    private var ignoreFiles: [RawID: IgnoreFile] = [:]
    private var attributeFiles: [RawID: AttributeFile] = [:]
    private var attributes: [RawPath: AttributeRules] = [:]

    /// - Parameters:
    ///   - info: `info/attributes` of the target repository.
    ///   - lookUp: returns the commit's entry at a path.
    init(info: AttributeFile?, lookUp: @escaping (RawPath) -> TreeDifference.Side?) {
        self.info = info
        self.lookUp = lookUp
    }

    convenience init(cache: StatCache, info: AttributeFile?) {
        self.init(info: info) { path in cache.find(path).flatMap { cache.side($0) } }
    }

    /// Returns the commit's ignore file in a directory.
    func ignoreFile(in directory: RawPath, _ objects: borrowing ObjectDatabase) throws(GitError) -> IgnoreFile? {
        guard let id = file(".gitignore", in: directory) else { return nil }
        if let known = ignoreFiles[id] { return known }
        let file = IgnoreFile(try objects.bytes(id))
        ignoreFiles[id] = file
        return file
    }

    /// Returns how the content of a file is converted.
    func conversion(of path: RawPath, _ objects: borrowing ObjectDatabase) throws(GitError) -> Conversion {
        let rules = try attributeRules(in: path.parent, objects)
        return rules.isEmpty ? Conversion() : Conversion(rules.attributes(of: path))
    }

    /// Returns the attribute files that apply to a path, the deepest first.
    func attributeFiles(
        for path: RawPath, _ objects: borrowing ObjectDatabase
    ) throws(GitError) -> [(path: RawPath, content: [UInt8])] {
        var found: [(path: RawPath, content: [UInt8])] = []
        var directory = path
        while !directory.isEmpty {
            directory = directory.parent
            guard let id = file(".gitattributes", in: directory) else { continue }
            found.append((directory.appending(Array(".gitattributes".utf8)), try objects.bytes(id)))
        }
        return found
    }

    private func attributeRules(
        in directory: RawPath, _ objects: borrowing ObjectDatabase
    ) throws(GitError) -> AttributeRules {
        if let known = attributes[directory] { return known }
        var rules = directory.isEmpty ? AttributeRules(info: info) : try attributeRules(in: directory.parent, objects)
        if let id = file(".gitattributes", in: directory) {
            let file: AttributeFile
            if let known = attributeFiles[id] { file = known } else { file = AttributeFile(try objects.bytes(id)) }
            attributeFiles[id] = file
            rules.add(file, at: directory)
        }
        attributes[directory] = rules
        return rules
    }

    /// Returns the blob of a rule file. Git reads these files only if they are regular, not through a symbolic link.
    private func file(_ name: String, in directory: RawPath) -> RawID? {
        guard let side = lookUp(directory.appending(Array(name.utf8))), side.mode.isFile else { return nil }
        return side.id
    }
}
