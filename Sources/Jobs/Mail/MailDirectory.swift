#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A directory that a worker and the coordinator both write to, held open.
///
/// Every name is looked up in the open directory and never through a link, so a worker that puts a link in the place of
/// a file or of a directory leads nobody out of its job folder.
package final class MailDirectory: Sendable {
    private let descriptor: Int32
    private let path: String

    private static let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC

    /// - Throws: `JobsError.file` where there is no directory, but perhaps a link to one.
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

    /// The names in the directory that do not start with a dot, sorted.
    /// - Parameter limit: of names looked at; the rest is left for another time.
    package func names(limit: Int) throws(JobsError) -> [String] {
        // fdopendir takes the descriptor over, and closedir closes it.
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

    /// The content of a plain file.
    /// - Parameter limit: most bytes to accept.
    /// - Returns: nil where there is nothing of that name.
    package func read(_ name: String, limit: Int) throws(JobsError) -> [UInt8]? {
        let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw .file("\(path)/\(name)", [ELOOP, ENXIO, ENODEV].contains(errno) ? .notRegular : .open(errno))
        }
        return try UntrustedFile.content(of: file, path: "\(path)/\(name)", limit: limit)
    }

    /// Writes a file aside and renames it into place, so that nobody sees half of it.
    package func write(_ name: String, _ bytes: [UInt8]) throws(JobsError) {
        let aside = ".\(name).\(getpid())"
        unlinkat(descriptor, aside, 0)
        let file = openat(descriptor, aside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .file("\(path)/\(aside)", .write(errno)) }
        defer { close(file) }
        try UntrustedFile.write(bytes[...], to: file, path: "\(path)/\(aside)")
        guard renameat(descriptor, aside, descriptor, name) == 0 else { throw .file("\(path)/\(name)", .write(errno)) }
    }

    /// Moves something, whatever it is, into a directory below this one, which is made where it is missing.
    /// - Returns: whether it was there.
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

    /// A directory below this one; nil where there is none.
    package func child(_ name: String) -> MailDirectory? {
        let opened = openat(descriptor, name, Self.flags)
        return opened < 0 ? nil : MailDirectory(descriptor: opened, path: "\(path)/\(name)")
    }
}
