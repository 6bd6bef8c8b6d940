import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Access to the files of one checkout, and to nothing outside of it.
///
/// Each part of a path is opened relative to its parent and never through a symbolic link. So neither `..` nor a link
/// leads outside, even if a link is created at the same time.
package struct Checkout: Sendable {
    /// Absolute path.
    package let root: String
    /// A folder that can be read as `@results/…`, if any.
    package let results: String?

    /// Maximum bytes of a file that a tool reads or writes.
    package static let largestFile = 16 << 20
    private static let resultsPrefix = "@results/"
    private static let directoryFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC

    package init(root: String, results: String? = nil) {
        self.root = root
        self.results = results
    }

    /// Returns the content of a regular file.
    package func content(of path: String) throws(ToolFailure) -> [UInt8] {
        let isResult = path.hasPrefix(Self.resultsPrefix) && results != nil
        let base = isResult ? results ?? root : root
        let parts = try isResult ? Self.parts(path.dropFirst(Self.resultsPrefix.count), of: path) : self.parts(path)
        let directory = try directory(of: parts, in: base, path: path, isMade: false)
        defer { close(directory) }
        let file = openat(directory, parts[parts.count - 1], O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
        guard file >= 0 else { throw Self.failure(errno, path) }
        let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw ToolFailure(
                "'\(path)' is \(status.st_mode & S_IFMT == S_IFDIR ? "a directory" : "not a regular file")")
        }
        guard status.st_size <= Self.largestFile, let data = try? handle.read(upToCount: Self.largestFile) else {
            throw ToolFailure("'\(path)' cannot be read: it has \(status.st_size) bytes")
        }
        return Array(data)
    }

    /// Creates or replaces a file atomically.
    ///
    /// - Returns: whether the file existed before.
    @discardableResult
    package func replace(_ path: String, with bytes: [UInt8]) throws(ToolFailure) -> Bool {
        let parts = try parts(path)
        guard bytes.count <= Self.largestFile else { throw ToolFailure("'\(path)' would be too large") }
        let directory = try directory(of: parts, in: root, path: path, isMade: true)
        defer { close(directory) }
        let name = parts[parts.count - 1]
        var status = stat()
        let exists = fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0
        guard !exists || status.st_mode & S_IFMT == S_IFREG else {
            throw ToolFailure("'\(path)' is not a regular file; a symbolic link or a directory cannot be written")
        }
        let aside = ".\(name).orchestrate-\(getpid())"
        unlinkat(directory, aside, 0)
        let mode = exists ? status.st_mode & 0o777 : 0o644
        let file = openat(directory, aside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard file >= 0 else { throw Self.failure(errno, path) }
        let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
        // The process's umask removes bits that the file had.
        if exists { fchmod(file, mode) }
        do {
            try handle.write(contentsOf: Data(bytes))
        } catch {
            unlinkat(directory, aside, 0)
            throw ToolFailure("'\(path)' cannot be written: \(error.localizedDescription)")
        }
        guard renameat(directory, aside, directory, name) == 0 else { throw Self.failure(errno, path) }
        return exists
    }

    /// Returns the parts of a path below the root. An absolute path below it is accepted, since models often use one.
    private func parts(_ path: String) throws(ToolFailure) -> [String] {
        var rest = path[...]
        if rest.hasPrefix(root + "/") { rest = rest.dropFirst(root.count + 1) }
        guard !rest.hasPrefix("/") else {
            throw ToolFailure("'\(path)' is outside the checkout; use a path from the checkout's root")
        }
        let parts = try Self.parts(rest, of: path)
        guard !parts.contains(where: { $0.lowercased() == ".git" }) else {
            throw ToolFailure("'\(path)' belongs to git and cannot be used")
        }
        return parts
    }

    private static func parts(_ rest: Substring, of path: String) throws(ToolFailure) -> [String] {
        let parts = rest.split(separator: "/").map(String.init).filter { $0 != "." }
        guard !parts.isEmpty, !rest.utf8.contains(0) else { throw ToolFailure("'\(path)' names no file") }
        guard !parts.contains("..") else {
            throw ToolFailure("'\(path)' contains '..'; use a path from the checkout's root")
        }
        return parts
    }

    /// Opens the directory of a file. The caller closes it.
    private func directory(
        of parts: [String], in base: String, path: String, isMade: Bool
    ) throws(ToolFailure) -> Int32 {
        var current = open(base, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard current >= 0 else { throw Self.failure(errno, path) }
        for part in parts.dropLast() {
            if isMade { mkdirat(current, part, 0o755) }
            let next = openat(current, part, Self.directoryFlags)
            let number = errno
            close(current)
            guard next >= 0 else { throw Self.failure(number, path) }
            current = next
        }
        return current
    }

    private static func failure(_ number: Int32, _ path: String) -> ToolFailure {
        switch number {
        case ENOENT: ToolFailure("'\(path)' does not exist")
        case ELOOP: ToolFailure("'\(path)' is, or goes through, a symbolic link; use the path it points to")
        case ENOTDIR: ToolFailure("'\(path)' goes through a symbolic link or something that is not a directory")
        default: ToolFailure("'\(path)': \(String(cString: strerror(number)))")
        }
    }
}
