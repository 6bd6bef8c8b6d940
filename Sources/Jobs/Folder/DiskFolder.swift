#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A folder whose content is hostile: names, depths and links are whatever a worker wanted.
struct DiskFolder {
    let path: String

    init(_ path: String) { self.path = path }

    /// Folders in folders that are looked at.
    private static let deepest = 256

    /// Bytes on disk of what was changed since a moment, up to a limit at which the rest is not looked at.
    ///
    /// - Parameter since: seconds since 1970.
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

    /// Another number once a file below has been written to, made, moved or deleted; the same on no other machine.
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
            // A sum, since a folder may list the same names in another order.
            sum &+= UInt64(bitPattern: Int64(hasher.finalize()))
            return true
        }
        return sum
    }

    /// Deletes the folder with all that is in it, as far as it can be entered.
    func remove() {
        Self.visit(path, entering: true) { path, status in
            if status.st_mode & S_IFMT == S_IFDIR { rmdir(path) } else { unlink(path) }
            return true
        }
        rmdir(path)
    }

    /// Calls with everything below a folder, the content of a folder before the folder; goes on while that returns true.
    ///
    /// No link is followed below the folder itself.
    ///
    /// - Parameter entering: folders that their owner may not enter are opened.
    @discardableResult
    private static func visit(
        _ folder: String, depth: Int = 0, entering: Bool = false, _ body: (String, stat) -> Bool
    ) -> Bool {
        guard depth < deepest else { return true }
        for name in FileLook.names(in: folder) {
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
