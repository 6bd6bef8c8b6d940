import Model

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Reads files of a directory instead of a commit: for tests, for measuring, and for code outside of repositories.
package struct DirectorySource: BlobSource {
    package let root: String

    package init(root: String) { self.root = root }

    package func makeReader() -> any BlobReader { Reader(root: root) }

    /// Lists the files and links below the root, without `.git`.
    ///
    /// The blob names are not Git object names. They are made from path, size and modification time.
    /// - Throws: `GraphError.noReader` if the root is not a readable directory.
    package func entries() throws(GraphError) -> [GraphBuilder.Entry] {
        var entries: [GraphBuilder.Entry] = []
        var waiting = [""]
        while let directory = waiting.popLast() {
            guard let stream = opendir(root + "/" + directory) else {
                if directory.isEmpty { throw .noReader(reason: "'\(root)' is no directory that can be read") }
                continue
            }
            defer { closedir(stream) }
            while let item = readdir(stream) {
                let name = withUnsafePointer(to: &item.pointee.d_name) { tuple in
                    tuple.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
                }
                guard name != ".", name != "..", name != ".git" else { continue }
                var status = stat()
                guard fstatat(dirfd(stream), name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
                let path = directory + name
                switch status.st_mode & S_IFMT {
                case S_IFDIR: waiting.append(path + "/")
                case S_IFREG, S_IFLNK: if let entry = Self.entry(path, status) { entries.append(entry) }
                default: break
                }
            }
        }
        return entries.sorted { $0.path < $1.path }
    }

    private static func entry(_ path: String, _ status: stat) -> GraphBuilder.Entry? {
        #if canImport(Darwin)
        let time = status.st_mtimespec
        #else
        let time = status.st_mtim
        #endif
        var name = "\(path) \(status.st_size) \(time.tv_sec) \(time.tv_nsec)"
        let digits = String(name.withUTF8 { hashBytes($0) }, radix: 16)
        let hex = String(repeating: "0", count: 16 - digits.count) + digits
        let mode: UInt32 = status.st_mode & S_IFMT == S_IFLNK ? 0o120000 : 0o100644
        return ObjectID(hex: hex + String(repeating: "0", count: 24))
            .map { GraphBuilder.Entry(path: path, blob: $0, mode: mode) }
    }

    /// Reads into one buffer that grows to the largest file.
    private final class Reader: BlobReader {
        private let root: String
        private var buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)

        init(root: String) { self.root = root }

        deinit { buffer.deallocate() }

        func read(
            _ file: GraphBuilder.Entry, limit: Int, _ body: (UnsafeRawBufferPointer, Int) -> Void
        ) throws {
            if file.mode == 0o120000 { return try readLink(file.path, body) }
            let descriptor = open(root + "/" + file.path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw failure(file.path) }
            defer { close(descriptor) }
            var status = stat()
            guard fstat(descriptor, &status) == 0 else { throw failure(file.path) }
            let wanted = min(Int(status.st_size), limit)
            if wanted > buffer.count {
                buffer.deallocate()
                buffer = .allocate(byteCount: wanted, alignment: 16)
            }
            var done = 0
            while done < wanted {
                let count = pread(descriptor, buffer.baseAddress.map { $0 + done }, wanted - done, off_t(done))
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw failure(file.path) }
                if count == 0 { break }
                done += count
            }
            body(UnsafeRawBufferPointer(rebasing: buffer[..<done]), max(done, Int(status.st_size)))
        }

        private func readLink(_ path: String, _ body: (UnsafeRawBufferPointer, Int) -> Void) throws {
            let room = buffer.bindMemory(to: CChar.self)
            guard let start = room.baseAddress else { return }
            let count = readlink(root + "/" + path, start, room.count)
            guard count >= 0 else { throw failure(path) }
            body(UnsafeRawBufferPointer(rebasing: buffer[..<count]), count)
        }

        private func failure(_ path: String) -> GraphError {
            .unreadable(path: path, reason: String(cString: strerror(errno)))
        }
    }
}
