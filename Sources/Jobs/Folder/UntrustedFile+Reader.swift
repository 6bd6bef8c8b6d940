#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension UntrustedFile {
    /// A regular file opened for reading parts of it. It is closed with its owner.
    package final class Reader: Sendable {
        /// Bytes at the time of opening.
        package let size: Int
        private let descriptor: Int32
        private let path: String

        /// Opens a file; nil if the path is missing.
        ///
        /// - Throws: `JobsError.file` for anything but a regular file.
        package init?(_ path: String) throws(JobsError) {
            guard let (descriptor, size) = try UntrustedFile.open(path) else { return nil }
            // A file may be as long as numbers go, of nothing.
            (self.path, self.descriptor, self.size) = (path, descriptor, min(size, 1 << 60))
        }

        deinit { close(descriptor) }

        /// Reads up to `count` bytes; fewer at the end of the file.
        package func read(at position: Int, count: Int) throws(JobsError) -> [UInt8] {
            var failure: Int32 = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                while filled < count {
                    let target = buffer.baseAddress?.advanced(by: filled)
                    let more = pread(descriptor, target, count - filled, off_t(position + filled))
                    if more < 0 && errno == EINTR { continue }
                    if more < 0 { failure = errno }
                    guard more > 0 else { return }
                    filled += more
                }
            }
            guard failure == 0 else { throw .file(path, .read(failure)) }
            return bytes
        }
    }
}
