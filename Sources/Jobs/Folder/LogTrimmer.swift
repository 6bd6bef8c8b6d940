#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Limits the log of a finished process in size and removes the values of secret variables.
package enum LogTrimmer {
    /// Rewrites a log if it is too long or may contain secrets. Memory use does not grow with the log.
    ///
    /// A log that is too long keeps its beginning and its end, half of the limit each, with a line between them that
    /// says how many bytes were left out.
    ///
    /// - Parameters:
    ///   - limit: bytes to keep.
    ///   - secrets: variables whose values are replaced by their names.
    /// - Throws: `JobsError.file` if the log is not a regular file; it is deleted then.
    package static func trim(
        _ path: String, to limit: Int, secrets: [JobEnvironment.Secret]
    ) throws(JobsError) {
        let found: UntrustedFile.Reader?
        do {
            found = try UntrustedFile.Reader(path)
        } catch {
            unlink(path)
            throw error
        }
        guard let source = found else { return }
        let size = source.size
        guard size > limit || !secrets.isEmpty else { return }
        let target = path + ".kept"
        unlink(target)
        try UntrustedFile.create(target, [])
        var writer = try Writer(path: target)
        defer { writer.close() }
        let copy = RedactedCopy(source: source, secrets: secrets)
        if size <= limit {
            try copy.run(0..<size, into: &writer)
        } else {
            let half = limit / 2
            try copy.run(0..<half, into: &writer)
            try writer.write(Array("\n[\(size - 2 * half) bytes left out]\n".utf8)[...])
            try copy.run((size - half)..<size, into: &writer)
        }
        try writer.flush()
        guard rename(target, path) == 0 else { throw .file(path, .write(errno)) }
    }

    /// A buffer that collects small pieces into large writes.
    struct Writer {
        private let descriptor: Int32
        private let path: String
        private var buffer: [UInt8] = []

        init(path: String) throws(JobsError) {
            self.path = path
            descriptor = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC)
            guard descriptor >= 0 else { throw .file(path, .open(errno)) }
        }

        mutating func write(_ bytes: ArraySlice<UInt8>) throws(JobsError) {
            buffer += bytes
            if buffer.count >= 1 << 18 { try flush() }
        }

        mutating func flush() throws(JobsError) {
            try UntrustedFile.write(buffer[...], to: descriptor, path: path)
            buffer.removeAll(keepingCapacity: true)
        }

        func close() {
            #if canImport(Glibc)
            _ = Glibc.close(descriptor)
            #else
            _ = Darwin.close(descriptor)
            #endif
        }
    }
}
