#if canImport(Glibc)
import CProcess
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The replacement of the path of one checkout by that of another in the content of files.
///
/// Virtual environments, editable installs and build folders name the checkout that they were made in. A copy that still
/// named it would use the files of that checkout.
struct Relocation: Sendable {
    /// Absolute paths, the longest first.
    let origins: [[UInt8]]
    let target: [UInt8]

    /// Bytes. Larger files are not searched.
    static let largest = 64 << 20

    init(from origins: [[UInt8]], to target: String) {
        self.origins = origins.sorted { $0.count > $1.count }
        self.target = Array(target.utf8)
    }

    /// Returns whether a content names one of the paths.
    static func names(_ origins: [[UInt8]], in content: [UInt8]) -> Bool {
        origins.contains { place(of: $0, in: content, from: 0) != nil }
    }

    /// Returns the content with the target in place of each origin.
    ///
    /// A binary keeps its length, because it may hold the lengths and places of its texts: the path is filled up with
    /// slashes, which change nothing in a path. A target that is too long for that is not written.
    func applied(to content: [UInt8]) -> [UInt8] {
        let isText = !content.contains(0)
        var result = content
        for origin in origins {
            guard let replacement = isText ? target : filled(to: origin.count) else { continue }
            result = Self.replacing(origin, by: replacement, in: result)
        }
        return result
    }

    private func filled(to length: Int) -> [UInt8]? {
        guard target.count <= length, let slash = target.lastIndex(of: RawPath.slash) else { return nil }
        let filling = [UInt8](repeating: RawPath.slash, count: length - target.count)
        return Array(target[..<slash]) + filling + Array(target[slash...])
    }

    private static func replacing(_ origin: [UInt8], by replacement: [UInt8], in content: [UInt8]) -> [UInt8] {
        guard var found = place(of: origin, in: content, from: 0) else { return content }
        var result: [UInt8] = []
        var done = 0
        while true {
            result += content[done..<found]
            result += replacement
            done = found + origin.count
            guard let next = place(of: origin, in: content, from: done) else { break }
            found = next
        }
        return result + content[done...]
    }

    /// Returns the first place of a path that is not the beginning of a longer name.
    private static func place(of path: [UInt8], in content: [UInt8], from start: Int) -> Int? {
        content.withUnsafeBytes { bytes -> Int? in
            guard let base = bytes.baseAddress else { return nil }
            var start = start
            while start + path.count <= bytes.count,
                let found = find(path, in: UnsafeRawBufferPointer(rebasing: bytes[start...]))
            {
                let place = found - base
                let end = place + path.count
                if end == bytes.count || !isNamePart(bytes[end]) { return place }
                start = place + 1
            }
            return nil
        }
    }

    private static func find(_ path: [UInt8], in bytes: UnsafeRawBufferPointer) -> UnsafeRawPointer? {
        #if os(Linux)
        orchestrate_find(bytes.baseAddress, bytes.count, path, path.count)
        #else
        memmem(bytes.baseAddress, bytes.count, path, path.count).map { UnsafeRawPointer($0) }
        #endif
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), 0x80...0xff:
            true
        default: false
        }
    }
}
