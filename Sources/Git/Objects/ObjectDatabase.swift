import CGit2

/// The kinds of Git objects that are read and written here.
enum ObjectKind: Int32 {
    case commit = 1
    case tree = 2
    case blob = 3

    var type: git_object_t { git_object_t(rawValue) }
    var word: String { ["", "commit", "tree", "blob"][Int(rawValue)] }
}

/// The objects of a repository and its alternates. Owns one libgit2 handle.
///
/// Not thread-safe: the owner's lock lets one thread in at a time.
struct ObjectDatabase: ~Copyable {
    let pointer: OpaquePointer
    /// The repository's path, for messages.
    let repository: String
    let isPartialClone: Bool

    /// - Parameter objects: the `objects` directory of the repository.
    init(objects: String, repository: String, isPartialClone: Bool) throws(GitError) {
        Library.start()
        var opened: OpaquePointer?
        try Library.check(git_odb_open(&opened, objects), "open the objects of '\(repository)'")
        guard let opened else { throw .library(operation: "open '\(objects)'", message: "no handle") }
        pointer = opened
        self.repository = repository
        self.isPartialClone = isPartialClone
    }

    deinit { git_odb_free(pointer) }

    /// Returns a repository with these objects and nothing else: no checkout, no attributes, no configuration.
    func makeBareView() throws(GitError) -> RepositoryPointer {
        let view = try RepositoryPointer(objects: pointer)
        var configuration: OpaquePointer?
        try Library.check(git_config_new(&configuration), "make a configuration")
        defer { git_config_free(configuration) }
        try Library.check(git_repository_set_config(view.pointer, configuration), "set a configuration")
        return view
    }

    /// Passes the content of an object to `body`. The bytes are valid only inside it.
    func read<Result>(
        _ id: RawID, as kind: ObjectKind, _ body: (UnsafeRawBufferPointer) throws(GitError) -> Result
    ) throws(GitError) -> Result {
        var oid = id.oid
        var object: OpaquePointer?
        let status = git_odb_read(&object, pointer, &oid)
        if status == GIT_ENOTFOUND.rawValue {
            throw .missingObject(id.hex, repository: repository, partialClone: isPartialClone)
        }
        try Library.check(status, "read object \(id.hex) of '\(repository)'")
        defer { git_odb_object_free(object) }
        guard git_odb_object_type(object) == kind.type else {
            throw .malformedObject(id.hex, reason: "it is not a \(kind.word)")
        }
        return try body(UnsafeRawBufferPointer(start: git_odb_object_data(object), count: git_odb_object_size(object)))
    }

    func bytes(_ id: RawID, as kind: ObjectKind = .blob) throws(GitError) -> [UInt8] {
        try read(id, as: kind) { buffer in Array(buffer) }
    }

    /// Returns the size of an object in bytes, without reading its content if the storage format allows it.
    func size(_ id: RawID) throws(GitError) -> Int {
        var oid = id.oid
        var size = 0
        var type = GIT_OBJECT_ANY
        let status = git_odb_read_header(&size, &type, pointer, &oid)
        if status == GIT_ENOTFOUND.rawValue {
            throw .missingObject(id.hex, repository: repository, partialClone: isPartialClone)
        }
        try Library.check(status, "read object \(id.hex) of '\(repository)'")
        return size
    }

    /// Whether an object of any kind exists.
    func contains(_ id: RawID) -> Bool {
        var oid = id.oid
        return git_odb_exists(pointer, &oid) == 1
    }

    /// Stores an object unless it exists, and returns its id.
    func write(_ bytes: [UInt8], as kind: ObjectKind) throws(GitError) -> RawID {
        var oid = git_oid()
        let status = bytes.withUnsafeBytes { git_odb_write(&oid, pointer, $0.baseAddress, $0.count, kind.type) }
        try Library.check(status, "write a \(kind.word) into '\(repository)'")
        return RawID(oid)
    }

    /// Returns the id that a blob would have, without storing it.
    static func hash(_ bytes: [UInt8]) throws(GitError) -> RawID {
        Library.start()
        var oid = git_oid()
        let status = bytes.withUnsafeBytes { git_odb_hash(&oid, $0.baseAddress, $0.count, GIT_OBJECT_BLOB) }
        try Library.check(status, "hash a file")
        return RawID(oid)
    }
}
