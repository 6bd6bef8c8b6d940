#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Writes a commit's files into a checkout and deletes others. Replaces whatever is in the way.
///
/// Keeps the directory of the last path open, since paths come in order.
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

    /// Writes a regular file or a link and replaces what is at its path.
    mutating func write(_ content: [UInt8], mode: FileMode, at path: RawPath) throws(GitError) {
        try prepare(path.parent)
        let status = try path.name.withCPath { (name) throws(GitError) in
            try clear(name, path)
            if mode == .symbolicLink {
                return content.withCPath { symlinkat($0, current, name) }
            }
            let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
            // The umask applies, as with Git.
            let file = openat(current, name, flags, mode == .executable ? 0o777 : 0o666)
            if file < 0 { return -1 }
            defer { close(file) }
            return FileSystem.writeAll(file, content) ? 0 : -1
        }
        if status != 0 { throw .fileSystem(operation: "write", path: path.display, code: errno) }
    }

    /// Moves a finished file from elsewhere on the same file system to its path.
    mutating func take(_ source: String, at path: RawPath) throws(GitError) {
        try prepare(path.parent)
        let status = try path.name.withCPath { (name) throws(GitError) in
            try clear(name, path)
            return renameat(AT_FDCWD, source, current, name)
        }
        if status != 0 { throw .fileSystem(operation: "write", path: path.display, code: errno) }
    }

    /// Writes a copy of a template's file or link and replaces what is at its path. Returns the state of the copy.
    ///
    /// - Parameters:
    ///   - source: absolute path of the file.
    ///   - shares: whether to try to share blocks; set to false once that has failed.
    mutating func copy(
        _ node: SlotTemplate.Node, from source: [UInt8], relocation: Relocation, to path: RawPath, shares: inout Bool
    ) throws(GitError) -> FileState {
        try prepare(path.parent)
        let written = try path.name.withCPath { (name) throws(GitError) -> Bool in
            try clear(name, path)
            return node.kind == .link
                ? copyLink(node, source, relocation, to: name)
                : copyFile(node, source, relocation, to: name, shares: &shares)
        }
        guard written, let status = try status(path) else {
            throw .fileSystem(operation: "write", path: path.display, code: errno)
        }
        return FileState(status)
    }

    private func copyLink(
        _ node: SlotTemplate.Node, _ source: [UInt8], _ relocation: Relocation, to name: UnsafePointer<CChar>
    ) -> Bool {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = source.withCPath { readlink($0, &buffer, buffer.count) }
        guard count >= 0 else { return false }
        var target = buffer.prefix(count).map { UInt8(bitPattern: $0) }
        if node.namesOrigin { target = relocation.applied(to: target) }
        let times = [timespec](repeating: node.time, count: 2)
        return target.withCPath { symlinkat($0, current, name) } == 0
            && utimensat(current, name, times, AT_SYMLINK_NOFOLLOW) == 0
    }

    private func copyFile(
        _ node: SlotTemplate.Node, _ source: [UInt8], _ relocation: Relocation, to name: UnsafePointer<CChar>,
        shares: inout Bool
    ) -> Bool {
        let opened = source.withCPath { open($0, O_RDONLY | O_NOFOLLOW | O_CLOEXEC) }
        guard opened >= 0 else { return false }
        defer { close(opened) }
        let file = openat(current, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        if node.namesOrigin {
            guard let content = FileSystem.readAll(opened),
                FileSystem.writeAll(file, relocation.applied(to: content))
            else { return false }
        } else if !FileCopy.content(of: opened, to: file, shares: &shares) {
            return false
        }
        return FileCopy.settle(file, mode: mode_t(node.mode), time: node.time)
    }

    /// Gives a template's directory its mode, owner and attributes.
    mutating func finish(_ node: SlotTemplate.Node, _ rules: NewDirectory, at path: RawPath) throws(GitError) {
        guard try enter(path) else { return }
        try withCurrent { (directory) throws(GitError) in
            try rules.restore(directory, path: path, mode: mode_t(node.mode))
        }
        leave()
    }

    /// Creates the empty directory of a submodule.
    mutating func makeDirectory(at path: RawPath) throws(GitError) {
        try prepare(path.parent)
        let status = try path.name.withCPath { (name) throws(GitError) in
            try clear(name, path)
            return mkdirat(current, name, 0o777)
        }
        if status != 0 { throw .fileSystem(operation: "make the directory", path: path.display, code: errno) }
    }

    /// Deletes a path and everything below it. Does nothing if the path leads through a link.
    mutating func remove(_ path: RawPath) throws(GitError) {
        guard try enter(path.parent) else { return }
        try path.name.withCPath { (name) throws(GitError) in
            try withCurrent { (directory) throws(GitError) in try directory.remove(name, display: path.display) }
        }
        if directoryPath == path || directoryPath.isBelow(path) { leave() }
    }

    /// Deletes a directory if it is empty. Returns whether it did.
    mutating func removeEmpty(_ path: RawPath) throws(GitError) -> Bool {
        guard try enter(path.parent) else { return false }
        return path.name.withCPath { unlinkat(current, $0, AT_REMOVEDIR) } == 0
    }

    /// Returns the status of a path without following links.
    mutating func status(_ path: RawPath) throws(GitError) -> stat? {
        guard try enter(path.parent) else { return nil }
        return path.name.withCPath { name in
            var status = stat()
            return fstatat(current, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status : nil
        }
    }

    /// Returns the content of a regular file or the target of a link; nil for anything else.
    mutating func read(_ path: RawPath, mode: FileMode, limit: Int) throws(GitError) -> [UInt8]? {
        guard try enter(path.parent) else { return nil }
        return path.name.withCPath { name in
            withCurrent { directory in
                mode == .symbolicLink ? directory.readLink(name) : directory.read(name, limit: limit)
            }
        }
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

    /// Makes a directory the current one. Returns false if it does not exist or a link leads to it.
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

    /// Makes a directory the current one. Creates it if needed and replaces anything else at its path.
    private mutating func prepare(_ path: RawPath) throws(GitError) {
        if try enter(path) { return }
        var soFar: RawPath = []
        for part in path.split(separator: RawPath.slash) {
            soFar = soFar.appending(part)
            var next = try child(part)
            if next == nil {
                // Several threads may get here at once, so `unlinkat` deletes anything but a directory.
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
