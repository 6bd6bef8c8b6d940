#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Access to plain files by absolute path, in directories that only the coordinator writes.
///
/// Files in a worker's reach are accessed through `Directory` instead.
enum FileSystem {
    /// Returns the content of a file, or nil if it does not exist or cannot be read.
    static func read(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return readAll(descriptor)
    }

    /// Returns the content of a file as text, without white space at its ends.
    static func text(_ path: String) -> String? {
        guard let bytes = read(path) else { return nil }
        return String(decoding: bytes.trimmed(), as: UTF8.self)
    }

    static func readAll(_ descriptor: Int32, sizeHint: Int = 4096) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: sizeHint + 1)
        var filled = 0
        while true {
            let count = bytes.withUnsafeMutableBytes { buffer in
                SystemCall.read(descriptor, into: buffer.baseAddress.map { $0 + filled }, count: buffer.count - filled)
            }
            if count < 0 {
                if errno == EINTR { continue }
                return nil
            }
            if count == 0 { break }
            filled += count
            if filled == bytes.count { bytes.append(contentsOf: [UInt8](repeating: 0, count: bytes.count)) }
        }
        bytes.removeLast(bytes.count - filled)
        return bytes
    }

    static func writeAll(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                SystemCall.write(
                    descriptor, from: buffer.baseAddress.map { $0 + written }, count: buffer.count - written)
            }
            if count < 0 {
                if errno == EINTR { continue }
                return false
            }
            written += count
        }
        return true
    }

    static func write(_ bytes: [UInt8], to path: String) throws(GitError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .fileSystem(operation: "write", path: path, code: errno) }
        defer { close(descriptor) }
        if !writeAll(descriptor, bytes) { throw .fileSystem(operation: "write", path: path, code: errno) }
    }

    /// Replaces a file in one step, so that a crash leaves either the old or the new content.
    static func replace(_ path: String, with bytes: [UInt8]) throws(GitError) {
        let aside = "\(path).new"
        try write(bytes, to: aside)
        if rename(aside, path) != 0 { throw .fileSystem(operation: "replace", path: path, code: errno) }
    }

    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    static func size(_ path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    /// Creates a directory and its missing parents.
    static func makeDirectories(_ path: String) throws(GitError) {
        if mkdir(path, 0o755) == 0 || errno == EEXIST && isDirectory(path) { return }
        let code = errno
        guard code == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
            throw .fileSystem(operation: "make the directory", path: path, code: code)
        }
        try makeDirectories(String(path[..<slash]))
        if mkdir(path, 0o755) != 0, errno != EEXIST {
            throw .fileSystem(operation: "make the directory", path: path, code: errno)
        }
    }

    /// Returns the names in a directory, sorted; empty if it does not exist.
    static func names(in path: String) -> [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}

/// `read` and `write` of C, where their plain names would call a method.
private enum SystemCall {
    static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawPointer?, count: Int) -> Int {
        #if canImport(Glibc)
        Glibc.read(descriptor, buffer, count)
        #else
        Darwin.read(descriptor, buffer, count)
        #endif
    }

    static func write(_ descriptor: Int32, from buffer: UnsafeRawPointer?, count: Int) -> Int {
        #if canImport(Glibc)
        Glibc.write(descriptor, buffer, count)
        #else
        Darwin.write(descriptor, buffer, count)
        #endif
    }
}

extension [UInt8] {
    func trimmed() -> ArraySlice<UInt8> {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
        guard let first = firstIndex(where: { !isSpace($0) }), let last = lastIndex(where: { !isSpace($0) }) else {
            return []
        }
        return self[first...last]
    }
}
