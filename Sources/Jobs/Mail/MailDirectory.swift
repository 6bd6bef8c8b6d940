#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// An open directory that both a worker and the coordinator write to.
///
/// Every name is looked up in the open directory without following links. So a worker cannot lead the coordinator out
/// of the job folder by replacing a file or directory with a link.
package final class MailDirectory: Sendable {
    private let descriptor: Int32
    private let path: String

    private static let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC

    /// - Throws: `JobsError.file` if the path is missing or is not a directory. A link to a directory is refused too.
    package init(_ path: String) throws(JobsError) {
        self.path = path
        descriptor = open(path, Self.flags)
        guard descriptor >= 0 else { throw .file(path, Self.problem(errno)) }
    }

    private init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    private static func problem(_ code: Int32) -> JobsError.FileProblem {
        [ELOOP, ENOTDIR].contains(code) ? .notRegular : .open(code)
    }

    /// Returns the names in the directory that do not start with a dot, sorted.
    ///
    /// - Parameter limit: the most names to return; which ones is up to the file system.
    package func names(limit: Int) throws(JobsError) -> [String] {
        // fdopendir takes ownership of the descriptor; closedir closes it.
        let copy = openat(descriptor, ".", Self.flags)
        guard copy >= 0, let stream = fdopendir(copy) else { throw .file(path, .open(errno)) }
        defer { closedir(stream) }
        var names: [String] = []
        while names.count < limit, let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// Returns the content of a regular file, or nil if the name is missing.
    ///
    /// - Parameter limit: the most bytes to accept.
    package func read(_ name: String, limit: Int) throws(JobsError) -> [UInt8]? {
        let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw .file("\(path)/\(name)", [ELOOP, ENXIO, ENODEV].contains(errno) ? .notRegular : .open(errno))
        }
        return try UntrustedFile.content(of: file, path: "\(path)/\(name)", limit: limit)
    }

    /// Writes a file under a temporary name and renames it into place, so that no reader sees half of it.
    package func write(_ name: String, _ bytes: [UInt8]) throws(JobsError) {
        let temporary = ".\(name).\(getpid())"
        unlinkat(descriptor, temporary, 0)
        let file = openat(descriptor, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .file("\(path)/\(temporary)", .write(errno)) }
        defer { close(file) }
        try UntrustedFile.write(bytes[...], to: file, path: "\(path)/\(temporary)")
        guard renameat(descriptor, temporary, descriptor, name) == 0 else {
            throw .file("\(path)/\(name)", .write(errno))
        }
    }

    /// Moves an entry of any type into a subdirectory, which is created if it is missing.
    ///
    /// - Returns: whether the entry existed.
    @discardableResult
    package func move(_ name: String, into child: String) throws(JobsError) -> Bool {
        if mkdirat(descriptor, child, 0o700) != 0, errno != EEXIST { throw .file("\(path)/\(child)", .write(errno)) }
        let target = openat(descriptor, child, Self.flags)
        guard target >= 0 else { throw .file("\(path)/\(child)", Self.problem(errno)) }
        defer { close(target) }
        if renameat(descriptor, name, target, name) == 0 { return true }
        guard errno == ENOENT else { throw .file("\(path)/\(name)", .write(errno)) }
        return false
    }

    /// Opens a subdirectory; nil if it is missing.
    package func child(_ name: String) -> MailDirectory? {
        let opened = openat(descriptor, name, Self.flags)
        return opened < 0 ? nil : MailDirectory(descriptor: opened, path: "\(path)/\(name)")
    }
}
