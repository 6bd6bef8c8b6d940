#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension Directory {
    /// Levels that are entered, with one open descriptor each. Deeper trees are first moved to the top.
    static let depthLimit = 128

    /// Deletes a name and everything below it. Links are deleted, not followed.
    ///
    /// - Parameter display: the path for messages.
    func remove(_ name: UnsafePointer<CChar>, display: @autoclosure () -> String) throws(GitError) {
        var moved = 0
        if !remove(name, moved: &moved) { throw .fileSystem(operation: "delete", path: display(), code: errno) }
    }

    /// - Parameter moved: number of directories that were moved up here so far; keeps their names unique.
    /// - Returns: false, with `errno` set, if something could not be deleted.
    private func remove(_ name: UnsafePointer<CChar>, moved: inout Int) -> Bool {
        if unlinkat(descriptor, name, 0) == 0 || errno == ENOENT { return true }
        if errno == EACCES || errno == EPERM || errno == EROFS {
            makeAccessible()
            if unlinkat(descriptor, name, 0) == 0 || errno == ENOENT { return true }
        }
        let code = errno
        guard let status = status(name), status.isDirectory else {
            errno = code
            return false
        }
        // Each pass moves a part of a directory that is too deep up here, so the loop ends.
        while unlinkat(descriptor, name, AT_REMOVEDIR) != 0, errno != ENOENT {
            guard let directory = try? child(name) else { return false }
            directory.makeAccessible()
            let before = moved
            let isEmpty = directory.empty(depth: 0, top: self, moved: &moved)
            let code = errno
            for number in before..<moved where !remove(Self.movedName(number), moved: &moved) { return false }
            if !isEmpty, moved == before {
                errno = code
                return false
            }
        }
        return true
    }

    private static func movedName(_ number: Int) -> String { ".orchestrate-delete-\(getpid())-\(number)" }

    /// Deletes everything in the directory. Returns false if something could not be deleted.
    private func empty(depth: Int, top: borrowing Directory, moved: inout Int) -> Bool {
        guard let listing = try? listing(path: []) else { return false }
        var complete = true
        for number in 0..<listing.count {
            let done = listing.withName(number) { name in
                if unlinkat(descriptor, name, 0) == 0 || errno == ENOENT { return true }
                if depth >= Self.depthLimit {
                    // Moving a directory rewrites its "..", so it must be writable.
                    fchmodat(descriptor, name, 0o755, AT_SYMLINK_NOFOLLOW)
                    if renameat(descriptor, name, top.descriptor, Self.movedName(moved)) != 0 { return false }
                    moved += 1
                    return true
                }
                guard let child = try? child(name) else { return false }
                child.makeAccessible()
                _ = child.empty(depth: depth + 1, top: top, moved: &moved)
                return unlinkat(descriptor, name, AT_REMOVEDIR) == 0
            }
            complete = complete && done
        }
        return complete
    }
}
