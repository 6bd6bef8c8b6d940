#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A new file that is only appended to. It is closed with its owner.
///
/// Writes go to the file that was created, whatever a worker puts at its path later.
package final class AppendedFile: Sendable {
    private let descriptor: Int32
    private let path: String

    /// - Throws: `JobsError.file` if the path exists already.
    package init(creating path: String) throws(JobsError) {
        self.path = path
        #if canImport(Glibc)
        descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0o600)
        #else
        descriptor = Darwin.open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0o600)
        #endif
        guard descriptor >= 0 else { throw .file(path, .open(errno)) }
    }

    deinit { close(descriptor) }

    package func append(_ bytes: [UInt8]) throws(JobsError) {
        try UntrustedFile.write(bytes[...], to: descriptor, path: path)
    }
}
