/// The rules against paths that reach outside a checkout or into its `.git`.
enum PathSafety {
    static func check(_ path: RawPath) throws(GitError) {
        for part in path.split(separator: RawPath.slash, omittingEmptySubsequences: false) {
            if let reason = objection(to: part) { throw .unsafePath(path.display, reason: reason) }
        }
    }

    /// Returns why a name cannot be a component of a recorded path, or nil. Follows Git's `verify_path`.
    static func objection(to name: some Collection<UInt8>) -> String? {
        if name.isEmpty { return "it has an empty component" }
        if name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) { return "it has a component '.' or '..'" }
        if name.contains(0) { return "it has a zero byte" }
        if isRepositoryName(name) { return "it has a component that a file system may treat as '.git'" }
        return nil
    }

    /// Whether a name is `.git` in any case, or one that NTFS (`git~1`, trailing dots and spaces) or HFS+ (ignorable
    /// characters) treats as `.git`.
    static func isRepositoryName(_ name: some Collection<UInt8>) -> Bool {
        // The first byte decides for most names. HFS+ ignorable characters begin with 0xE2 or 0xEF.
        guard let first = name.first, first == UInt8(ascii: ".") || first | 0x20 == UInt8(ascii: "g") || first >= 0xE2
        else { return false }
        let visible = String(decoding: name, as: UTF8.self).unicodeScalars.filter { !ignorable.contains($0.value) }
        var text = String(String.UnicodeScalarView(visible)).lowercased()
        if let colon = text.firstIndex(of: ":") { text = String(text[..<colon]) }
        while text.hasSuffix(" ") || (text.hasSuffix(".") && text.count > 1) { text.removeLast() }
        return text == ".git" || text == "git~1"
    }

    /// The code points that HFS+ ignores in comparisons, from Git's `is_hfs_dotgit`.
    private static let ignorable: Set<UInt32> = [
        0x200c, 0x200d, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x206a, 0x206b, 0x206c, 0x206d,
        0x206e, 0x206f, 0xfeff,
    ]
}
