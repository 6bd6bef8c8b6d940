#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// An open directory of a checkout.
///
/// Every path in a worker's reach is opened relative to a `Directory` and never through a symbolic link, so a worker
/// cannot make a path lead out of the slot.
struct Directory: ~Copyable {
    let descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    /// - Returns: nil if the path is not a directory; a link to one does not count.
    init?(path: String) {
        let opened = open(path, Self.flags)
        if opened < 0 { return nil }
        descriptor = opened
    }

    deinit { close(descriptor) }

    private static let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC

    /// Opens a directory below this one. Makes it accessible first if its permissions forbid that.
    ///
    /// - Returns: nil if there is no directory of that name.
    /// - Throws: `fileSystem` for any other failure, such as too many open files. Returning nil would look as if a worker
    ///   had deleted the directory.
    func child(_ name: UnsafePointer<CChar>) throws(GitError) -> Directory? {
        var opened = openat(descriptor, name, Self.flags)
        if opened < 0, errno == EACCES {
            fchmodat(descriptor, name, 0o755, AT_SYMLINK_NOFOLLOW)
            opened = openat(descriptor, name, Self.flags)
        }
        if opened >= 0 { return Directory(descriptor: opened) }
        if [ENOENT, ENOTDIR, ELOOP].contains(errno) { return nil }
        throw .fileSystem(operation: "enter", path: String(cString: name), code: errno)
    }

    /// Returns the status of a name without following links, or nil if it does not exist.
    func status(_ name: UnsafePointer<CChar>) -> stat? {
        var status = stat()
        return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status : nil
    }

    func contains(_ name: String) -> Bool { status(name) != nil }

    /// Gives the owner all permissions on the directory itself.
    func makeAccessible() {
        if let status = ownStatus, status.st_mode & 0o700 != 0o700 { fchmod(descriptor, 0o755) }
    }

    /// The status of the directory itself.
    var ownStatus: stat? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? status : nil
    }

    /// Returns the names in the directory, without `.` and `..`.
    ///
    /// - Parameter path: for messages.
    /// - Throws: `fileSystem` if the directory cannot be read to its end.
    func listing(path: RawPath) throws(GitError) -> Listing {
        var listing = Listing()
        // fdopendir takes ownership of the descriptor; closedir closes it.
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0, let stream = fdopendir(copy) else {
            let code = errno
            if copy >= 0 { close(copy) }
            throw .fileSystem(operation: "list", path: path.display, code: code)
        }
        defer { closedir(stream) }
        rewinddir(stream)
        errno = 0
        while let entry = readdir(stream) {
            withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: UInt8.self, capacity: 256) { listing.add($0, kind: entry.pointee.d_type) }
            }
            errno = 0
        }
        if errno != 0 { throw .fileSystem(operation: "list", path: path.display, code: errno) }
        return listing
    }

    /// Returns the content of a regular file. Returns nil for anything else, and for a file that is unreadable or larger
    /// than the limit in bytes.
    func read(_ name: UnsafePointer<CChar>, limit: Int) -> [UInt8]? {
        // Without O_NONBLOCK, opening a named pipe waits for a writer.
        var opened = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        if opened < 0, errno == EACCES {
            fchmodat(descriptor, name, 0o644, AT_SYMLINK_NOFOLLOW)
            opened = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        }
        guard opened >= 0 else { return nil }
        defer { close(opened) }
        var status = stat()
        guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG, Int(status.st_size) <= limit else {
            return nil
        }
        return FileSystem.readAll(opened, sizeHint: Int(status.st_size))
    }

    /// Returns the target of a symbolic link.
    func readLink(_ name: UnsafePointer<CChar>) -> [UInt8]? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlinkat(descriptor, name, &buffer, buffer.count)
        return count < 0 ? nil : buffer.prefix(count).map { UInt8(bitPattern: $0) }
    }

    /// Names and kinds in packed arrays: a directory of thousands of files costs three allocations.
    struct Listing {
        private var bytes: [UInt8] = []
        private var starts: [Int] = []
        private var kinds: [UInt8] = []

        var count: Int { starts.count }

        fileprivate mutating func add(_ name: UnsafePointer<UInt8>, kind: UInt8) {
            if name[0] == UInt8(ascii: "."), name[1] == 0 || name[1] == UInt8(ascii: ".") && name[2] == 0 { return }
            starts.append(bytes.count)
            kinds.append(kind)
            var place = 0
            while name[place] != 0 {
                bytes.append(name[place])
                place += 1
            }
            bytes.append(0)
        }

        /// `DT_DIR` and the like; `DT_UNKNOWN` if the file system does not tell.
        func kind(_ number: Int) -> UInt8 { kinds[number] }

        func name(_ number: Int) -> ArraySlice<UInt8> {
            let end = number + 1 < starts.count ? starts[number + 1] : bytes.count
            return bytes[starts[number]..<(end - 1)]
        }

        func withName<Result>(_ number: Int, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
            bytes.withUnsafeBytes { buffer in
                // Each name ends in a zero byte, so the buffer is never empty.
                guard let base = buffer.baseAddress else { return body("") }
                return body((base + starts[number]).assumingMemoryBound(to: CChar.self))
            }
        }
    }
}

extension Collection<UInt8> {
    /// Passes the bytes as a C string. A path never contains a zero byte.
    func withCPath<Result: ~Copyable, Failure: Error>(
        _ body: (UnsafePointer<CChar>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var text: [CChar] = []
        text.reserveCapacity(count + 1)
        for byte in self { text.append(CChar(bitPattern: byte)) }
        text.append(0)
        return try body(text)
    }
}
