import Model

/// Makes the names of tasks: from paths alone, so that the same files bear the same name in every run.
struct TaskNames {
    /// Names given, in lower case: branches of names that differ in case alone collide on some file systems.
    private var given: Set<String> = []

    /// Room for the rest of a branch's name in a file name of 255 bytes.
    private static let longest = 150

    mutating func id(for paths: [String], isCycle: Bool) -> TaskID {
        let first = paths[0]
        var name = Self.safe(isCycle ? "cycle-" + first : first)
        if paths.count > 1, !isCycle { name += "+\(paths.count - 1)" }
        if name.utf8.count > Self.longest { name = String(name.prefix(Self.longest - 9)) + "-" + Self.hash(paths) }
        if !given.insert(name.lowercased()).inserted {
            name += "-" + Self.hash(paths)
            given.insert(name.lowercased())
        }
        return TaskID(name)
    }

    /// Keeps letters, digits, `.`, `_` and `-` of ASCII; git check-ref-format forbids a dot at either end, two in a
    /// row, and `.lock` at the end.
    private static func safe(_ path: String) -> String {
        var name = ""
        for byte in path.utf8 {
            let character = Character(Unicode.Scalar(byte))
            let isKept = byte < 128 && (character.isLetter || character.isNumber || "._-".contains(character))
            name.append(isKept && !(character == "." && (name.isEmpty || name.last == ".")) ? character : "-")
        }
        if name.hasSuffix(".") { name = name.dropLast() + "-" }
        if name.lowercased().hasSuffix(".lock") { name += "-" }
        if name.hasPrefix("-") { name = "_" + name.dropFirst() }
        return name
    }

    /// FNV-1a, 32 bits (Fowler, Noll, Vo): short, and the same on every machine.
    private static func hash(_ paths: [String]) -> String {
        var hash: UInt32 = 2_166_136_261
        for byte in paths.joined(separator: "\n").utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
