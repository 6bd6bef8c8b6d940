#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A lock between processes of one machine. It ends with its owner, or with the process.
package final class FileLock: Sendable {
    private let descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Takes the lock, or returns nil if another process has it.
    package static func take(_ path: String) throws(JobsError) -> FileLock? {
        let descriptor = try opened(path)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        return FileLock(descriptor: descriptor)
    }

    /// Waits for the lock. Blocks.
    package static func wait(_ path: String) throws(JobsError) -> FileLock {
        let descriptor = try opened(path)
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else {
                close(descriptor)
                throw .file(path, .open(errno))
            }
        }
        return FileLock(descriptor: descriptor)
    }

    /// Whether another process has the lock.
    package static func isTaken(_ path: String) -> Bool {
        let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_EX | LOCK_NB) != 0
    }

    private static func opened(_ path: String) throws(JobsError) -> Int32 {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .file(path, .open(errno)) }
        return descriptor
    }
}
