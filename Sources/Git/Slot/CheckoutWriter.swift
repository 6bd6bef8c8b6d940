#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Writes files of a commit into a checkout and deletes others; whatever stands in the way gives way.
///
/// Remembers the directory of the last path, since paths come in order.
struct CheckoutWriter: ~Copyable {
    private let root: Directory
    private var directory: Directory?
    private var directoryPath: RawPath = []

    /// - Parameter path: the root of the checkout.
    init(root path: String) throws(GitError) {
        guard let root = Directory(path: path) else {
            throw .fileSystem(operation: "enter", path: path, code: errno)
        }
        self.root = root
    }

    /// Writes a regular file or a link anew.
    mutating func write(_ content: [UInt8], mode: FileMode, at path: RawPath) throws(GitError) {
        try prepare(path.parent)
        let status = try path.name.withCPath { (name) throws(GitError) in
            try clear(name, path)
            if mode == .symbolicLink {
                return content.withCPath { symlinkat($0, current, name) }
            }
            let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
            // The caller's umask takes away what it takes away from all its files, as with Git.
            let file = openat(current, name, flags, mode == .executable ? 0o777 : 0o666)
            if file < 0 { return -1 }
            defer { close(file) }
            return FileSystem.writeAll(file, content) ? 0 : -1
        }
        if status != 0 { throw .fileSystem(operation: "write", path: path.display, code: errno) }
    }

    /// Puts a finished file from elsewhere on the same file system in its place.
    mutating func take(_ source: String, at path: RawPath) throws(GitError) {
        try prepare(path.parent)
        let status = try path.name.withCPath { (name) throws(GitError) in
            try clear(name, path)
            return renameat(AT_FDCWD, source, current, name)
        }
        if status != 0 { throw .fileSystem(operation: "write", path: path.display, code: errno) }
    }

    /// Makes the empty directory of a submodule.
    mutating func makeDirectory(at path: RawPath) throws(GitError) {
        try prepare(path.parent)
        let status = try path.name.withCPath { (name) throws(GitError) in
            try clear(name, path)
            return mkdirat(current, name, 0o777)
        }
        if status != 0 { throw .fileSystem(operation: "make the directory", path: path.display, code: errno) }
    }

    /// Deletes what a path stands for, with all below it. A path that leads through a link is not there.
    mutating func remove(_ path: RawPath) throws(GitError) {
        guard try enter(path.parent) else { return }
        try path.name.withCPath { (name) throws(GitError) in
            try withCurrent { (directory) throws(GitError) in try directory.remove(name, display: path.display) }
        }
        if directoryPath == path || directoryPath.isBelow(path) { leave() }
    }

    /// Deletes a directory if it is empty; says whether it did.
    mutating func removeEmpty(_ path: RawPath) throws(GitError) -> Bool {
        guard try enter(path.parent) else { return false }
        return path.name.withCPath { unlinkat(current, $0, AT_REMOVEDIR) } == 0
    }

    /// What lies at a path, not following links.
    mutating func status(_ path: RawPath) throws(GitError) -> stat? {
        guard try enter(path.parent) else { return nil }
        return path.name.withCPath { name in
            var status = stat()
            return fstatat(current, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status : nil
        }
    }

    /// The content of a regular file or the target of a link; nil where there is neither.
    mutating func read(_ path: RawPath, mode: FileMode, limit: Int) throws(GitError) -> [UInt8]? {
        guard try enter(path.parent) else { return nil }
        return path.name.withCPath { name in
            withCurrent { directory in
                mode == .symbolicLink ? directory.readLink(name) : directory.read(name, limit: limit)
            }
        }
    }

    /// Sets the permissions of a file that is there.
    mutating func setExecutable(_ path: RawPath, _ isExecutable: Bool) throws(GitError) {
        guard try enter(path.parent) else { return }
        path.name.withCPath { name in _ = fchmodat(current, name, isExecutable ? 0o755 : 0o644, AT_SYMLINK_NOFOLLOW) }
    }

    // MARK: Directories

    private var current: Int32 {
        switch directory {
        case .some(let directory): directory.descriptor
        case .none: root.descriptor
        }
    }

    private borrowing func child(_ name: ArraySlice<UInt8>) throws(GitError) -> Directory? {
        try name.withCPath { (name) throws(GitError) in
            try withCurrent { (directory) throws(GitError) in try directory.child(name) }
        }
    }

    private mutating func leave() {
        directory = nil
        directoryPath = []
    }

    private borrowing func withCurrent<Result: ~Copyable, Failure: Error>(
        _ body: (borrowing Directory) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        switch directory {
        case .some(let directory): try body(directory)
        case .none: try body(root)
        }
    }

    private func clear(_ name: UnsafePointer<CChar>, _ path: RawPath) throws(GitError) {
        try withCurrent { (directory) throws(GitError) in try directory.remove(name, display: path.display) }
    }

    /// Goes to a directory; false where it is not there or a link leads to it.
    private mutating func enter(_ path: RawPath) throws(GitError) -> Bool {
        if path == directoryPath { return true }
        leave()
        for part in path.split(separator: RawPath.slash) {
            guard let next = try child(part) else {
                leave()
                return false
            }
            directory = consume next
        }
        directoryPath = path
        return true
    }

    /// Goes to a directory and makes it where needed, in place of whatever else is there.
    private mutating func prepare(_ path: RawPath) throws(GitError) {
        if try enter(path) { return }
        var soFar: RawPath = []
        for part in path.split(separator: RawPath.slash) {
            soFar = soFar.appending(part)
            var next = try child(part)
            if next == nil {
                // Several threads may come here at once, so only what is no directory is deleted.
                part.withCPath { name in
                    unlinkat(current, name, 0)
                    mkdirat(current, name, 0o777)
                }
                next = try child(part)
            }
            guard let next else { throw .fileSystem(operation: "enter", path: soFar.display, code: errno) }
            directory = consume next
        }
        directoryPath = path
    }
}
