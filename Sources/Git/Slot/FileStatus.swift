#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension stat {
    var bytes: Int { Int(st_size) }
    var isExecutable: Bool { st_mode & 0o100 != 0 }
    var isDirectory: Bool { st_mode & S_IFMT == S_IFDIR }
    var isLink: Bool { st_mode & S_IFMT == S_IFLNK }

    /// A regular file or a link, which a tree can hold as a blob.
    var isPlain: Bool { isLink || st_mode & S_IFMT == S_IFREG }
}
