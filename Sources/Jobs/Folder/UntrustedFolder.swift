#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A folder whose content is hostile: a worker chose its names, depth and links.
struct UntrustedFolder {
    let path: String

    init(_ path: String) { self.path = path }

    /// Levels of folders that are visited.
    private static let deepest = 256

    /// Returns the bytes on disk of files that changed since a moment.
    ///
    /// - Parameters:
    ///   - since: seconds since 1970.
    ///   - limit: bytes after which counting stops.
    func bytes(changedSince since: Int, limit: Int) -> Int {
        var total = 0
        Self.visit(path) { _, status in
            #if canImport(Glibc)
            let changed = status.st_ctim.tv_sec
            #else
            let changed = status.st_ctimespec.tv_sec
            #endif
            // st_blocks counts 512 bytes whatever the file system's own blocks are.
            if Int(changed) >= since { total += Int(status.st_blocks) * 512 }
            return total <= limit
        }
        return total
    }

    /// A hash that changes when a file below is written, created, moved or deleted. It is valid within this process only.
    var state: UInt64 {
        var sum: UInt64 = 0
        Self.visit(path) { path, status in
            #if canImport(Glibc)
            let changed = status.st_ctim
            #else
            let changed = status.st_ctimespec
            #endif
            var hasher = Hasher()
            hasher.combine(path)
            hasher.combine(changed.tv_sec)
            hasher.combine(changed.tv_nsec)
            hasher.combine(status.st_size)
            // A sum, because a folder may list the same names in a different order.
            sum &+= UInt64(bitPattern: Int64(hasher.finalize()))
            return true
        }
        return sum
    }

    /// Deletes the folder and everything in it that can be reached.
    func remove() {
        Self.visit(path, entering: true) { path, status in
            if status.st_mode & S_IFMT == S_IFDIR { rmdir(path) } else { unlink(path) }
            return true
        }
        rmdir(path)
    }

    /// Calls a closure with everything below a folder, until the closure returns false.
    ///
    /// The content of a folder comes before the folder. Links are not followed, except for the folder itself.
    ///
    /// - Parameter entering: whether to change the mode of folders that their owner may not enter.
    @discardableResult
    private static func visit(
        _ folder: String, depth: Int = 0, entering: Bool = false, _ body: (String, stat) -> Bool
    ) -> Bool {
        guard depth < deepest else { return true }
        for name in PathQuery.names(in: folder) {
            let path = "\(folder)/\(name)"
            var status = stat()
            guard lstat(path, &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                if entering { chmod(path, status.st_mode | S_IRWXU) }
                guard visit(path, depth: depth + 1, entering: entering, body) else { return false }
            }
            guard body(path, status) else { return false }
        }
        return true
    }
}
