#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension Directory {
    /// Levels that are entered with a descriptor held open at each; deeper trees are first moved to the top.
    static let depthLimit = 200

    /// Deletes whatever a name stands for, with all below it; links are deleted, not followed.
    ///
    /// - Parameter display: the path for messages.
    func remove(_ name: UnsafePointer<CChar>, display: @autoclosure () -> String) throws(GitError) {
        if unlinkat(descriptor, name, 0) == 0 || errno == ENOENT { return }
        if errno == EACCES || errno == EPERM || errno == EROFS {
            makeAccessible()
            if unlinkat(descriptor, name, 0) == 0 || errno == ENOENT { return }
        }
        guard let status = status(name), status.st_mode & S_IFMT == S_IFDIR else {
            throw .fileSystem(operation: "delete", path: display(), code: errno)
        }
        // A directory too deep to be entered level by level is brought up here piece by piece, so this ends.
        var moved = 0
        while unlinkat(descriptor, name, AT_REMOVEDIR) != 0, errno != ENOENT {
            guard let directory = child(name) else {
                throw .fileSystem(operation: "delete", path: display(), code: errno)
            }
            directory.makeAccessible()
            let before = moved
            let complete = directory.empty(depth: 0, top: self, moved: &moved)
            for number in before..<moved {
                try remove(Self.movedName(number), display: display())
            }
            if !complete, moved == before {
                throw .fileSystem(operation: "delete", path: display(), code: errno == 0 ? ENOTEMPTY : errno)
            }
        }
    }

    private static func movedName(_ number: Int) -> String { ".orchestrate-delete-\(getpid())-\(number)" }

    /// Deletes everything in the directory; false where something stayed.
    private func empty(depth: Int, top: borrowing Directory, moved: inout Int) -> Bool {
        let listing = listing()
        var complete = true
        for number in 0..<listing.count {
            let done = listing.withName(number) { name in
                if unlinkat(descriptor, name, 0) == 0 || errno == ENOENT { return true }
                if depth >= Self.depthLimit {
                    // Moving a directory rewrites its "..", for which it must be writable.
                    fchmodat(descriptor, name, 0o755, AT_SYMLINK_NOFOLLOW)
                    if renameat(descriptor, name, top.descriptor, Self.movedName(moved)) != 0 { return false }
                    moved += 1
                    return true
                }
                guard let child = child(name) else { return false }
                child.makeAccessible()
                _ = child.empty(depth: depth + 1, top: top, moved: &moved)
                return unlinkat(descriptor, name, AT_REMOVEDIR) == 0
            }
            complete = complete && done
        }
        return complete
    }
}
