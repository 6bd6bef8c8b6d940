#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Access to files in a folder that a worker can write to. Any of them may be a trap.
package enum UntrustedFile {
    /// Opens a regular file for reading, without following a symbolic link and without blocking.
    ///
    /// - Returns: the descriptor, which the caller closes, and the size; nil if the path is missing.
    static func open(_ path: String) throws(JobsError) -> (descriptor: Int32, size: Int)? {
        #if canImport(Glibc)
        let descriptor = Glibc.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
        #else
        let descriptor = Darwin.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
        #endif
        guard descriptor >= 0 else {
            switch errno {
            case ENOENT: return nil
            case ELOOP, ENXIO, ENODEV: throw .file(path, .notRegular)
            default: throw .file(path, .open(errno))
            }
        }
        return (descriptor, try size(of: descriptor, path: path))
    }

    /// Like `open`, for other targets.
    package static func opened(_ path: String) throws(JobsError) -> (descriptor: Int32, size: Int)? { try open(path) }

    /// Returns the size of a regular file. For anything else it closes the descriptor and throws.
    private static func size(of descriptor: Int32, path: String) throws(JobsError) -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .file(path, .notRegular)
        }
        return Int(status.st_size)
    }

    /// Returns the content of a regular file, or nil if the path is missing.
    ///
    /// - Parameter limit: the most bytes to accept.
    package static func read(_ path: String, limit: Int) throws(JobsError) -> [UInt8]? {
        guard let (descriptor, size) = try open(path) else { return nil }
        return try content(of: descriptor, size: size, path: path, limit: limit)
    }

    /// Returns the content of an open file and closes it.
    static func content(of descriptor: Int32, path: String, limit: Int) throws(JobsError) -> [UInt8] {
        try content(of: descriptor, size: try size(of: descriptor, path: path), path: path, limit: limit)
    }

    private static func content(
        of descriptor: Int32, size: Int, path: String, limit: Int
    ) throws(JobsError) -> [UInt8] {
        defer { close(descriptor) }
        guard size <= limit else { throw .file(path, .tooLarge(limit)) }
        var result: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            #if canImport(Glibc)
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            #else
            let count = Darwin.read(descriptor, &chunk, chunk.count)
            #endif
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .file(path, .read(errno)) }
            guard count > 0 else { return result }
            result.append(contentsOf: chunk[..<count])
            // The file may grow during the read.
            guard result.count <= limit else { throw .file(path, .tooLarge(limit)) }
        }
    }

    /// Creates a file that only its owner can read. It throws if the path exists already.
    package static func create(_ path: String, _ bytes: [UInt8]) throws(JobsError) {
        #if canImport(Glibc)
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        #else
        let descriptor = Darwin.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        #endif
        guard descriptor >= 0 else { throw .file(path, .open(errno)) }
        defer { close(descriptor) }
        try write(bytes[...], to: descriptor, path: path)
    }

    static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32, path: String) throws(JobsError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { buffer in
                #if canImport(Glibc)
                Glibc.write(descriptor, buffer.baseAddress, buffer.count)
                #else
                Darwin.write(descriptor, buffer.baseAddress, buffer.count)
                #endif
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw .file(path, .write(errno)) }
            rest = rest.dropFirst(count)
        }
    }
}
