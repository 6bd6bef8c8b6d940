/// The kind of a path in a tree. The raw value is Git's mode.
package enum FileMode: UInt32, Sendable, Hashable, Codable, CustomStringConvertible {
    case regular = 0o100644
    case executable = 0o100755
    case symbolicLink = 0o120000
    /// A submodule; the entry's id is a commit of another repository.
    case submodule = 0o160000

    /// Reads a mode, also one that only old versions of Git wrote (`100664`); nil for a directory.
    init?(tree mode: UInt32) {
        switch mode & 0o170000 {
        case 0o100000: self = mode & 0o100 != 0 ? .executable : .regular
        case 0o120000: self = .symbolicLink
        case 0o160000: self = .submodule
        default: return nil
        }
    }

    /// Six octal digits, as Git prints them.
    package var description: String { String(rawValue, radix: 8) }

    /// Regular and executable files, whose content has lines.
    package var isFile: Bool { self == .regular || self == .executable }
}
