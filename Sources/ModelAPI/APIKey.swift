#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A provider's key. It cannot be printed by accident: only `value` contains it.
package struct APIKey: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let value: String

    package var description: String { "<key>" }
    package var debugDescription: String { "<key>" }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// Maximum bytes of a key file.
    private static let largestFile = 8192

    /// - Throws: `ModelError.configuration` for a key that cannot stand in a header.
    package init(_ text: String) throws(ModelError) {
        let trimmed = text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()
        value = String(trimmed)
        guard !value.isEmpty else { throw .configuration("the key is empty") }
        guard value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .configuration("the key contains invalid characters; check its file or variable")
        }
    }

    /// Reads a key from a file that only its owner can read.
    ///
    /// - Throws: `ModelError.configuration` for a file that cannot be read, or that others can read.
    package init(file path: String) throws(ModelError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else {
            throw .configuration("the key file '\(path)' cannot be opened: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .configuration("the key file '\(path)' is not a regular file")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw .configuration("the key file '\(path)' can be read by others; run: chmod 600 '\(path)'")
        }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw .configuration("the key file '\(path)' belongs to another user")
        }
        var bytes = [UInt8](repeating: 0, count: Self.largestFile + 1)
        let count = read(descriptor, &bytes, bytes.count)
        guard count >= 0, count <= Self.largestFile else {
            throw .configuration("the key file '\(path)' cannot be read, or is too large for a key")
        }
        try self.init(String(decoding: bytes[..<count], as: UTF8.self))
    }

    /// Returns a text without the key. Messages of a provider or a library may repeat it.
    func redacted(_ text: String) -> String { text.replacing(value, with: "<key>") }
}
