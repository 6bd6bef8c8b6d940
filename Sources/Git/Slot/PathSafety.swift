/// Refuses paths that would reach outside a checkout or into its `.git`.
enum PathSafety {
    static func check(_ path: RawPath) throws(GitError) {
        for part in path.split(separator: RawPath.slash, omittingEmptySubsequences: false) {
            if let reason = objection(to: part) { throw .unsafePath(path.display, reason: reason) }
        }
    }

    /// Why a name cannot be part of a recorded path, or nil; the rules are those of Git's `verify_path`.
    static func objection(to name: some Collection<UInt8>) -> String? {
        if name.isEmpty { return "it has an empty part" }
        if name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) { return "it has a part '.' or '..'" }
        if name.contains(0) { return "it has a zero byte" }
        if isRepositoryName(name) { return "it has a part that a file system can take for '.git'" }
        return nil
    }

    /// `.git` in any case, and what NTFS (`git~1`, trailing dots and spaces) and HFS+ (ignorable characters) take for it.
    static func isRepositoryName(_ name: some Collection<UInt8>) -> Bool {
        // Most names are decided by their first byte; HFS+ ignorable characters begin with 0xE2 or 0xEF.
        guard let first = name.first, first == UInt8(ascii: ".") || first | 0x20 == UInt8(ascii: "g") || first >= 0xE2
        else { return false }
        let visible = String(decoding: name, as: UTF8.self).unicodeScalars.filter { !ignorable.contains($0.value) }
        var text = String(String.UnicodeScalarView(visible)).lowercased()
        if let colon = text.firstIndex(of: ":") { text = String(text[..<colon]) }
        while text.hasSuffix(" ") || (text.hasSuffix(".") && text.count > 1) { text.removeLast() }
        return text == ".git" || text == "git~1"
    }

    /// The code points HFS+ leaves out of comparisons, as Git's `is_hfs_dotgit` lists them.
    private static let ignorable: Set<UInt32> = [
        0x200c, 0x200d, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x206a, 0x206b, 0x206c, 0x206d,
        0x206e, 0x206f, 0xfeff,
    ]
}
