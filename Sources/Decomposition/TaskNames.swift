import Model

/// Makes the names of tasks from paths alone, so that the same files get the same name in every run.
struct TaskNames {
    /// Names already given, in lower case, with their stage. Branches whose names differ only in case collide on some
    /// file systems.
    private var given: [String: String] = [:]

    /// Leaves room for the rest of a branch's name in a file name of 255 bytes.
    private static let longest = 150

    /// The name of the gate at the end of a stage.
    mutating func gate(_ stage: String) -> TaskID { id(from: "stage-\(stage)", for: [], stage: stage) }

    mutating func id(for paths: [String], isCycle: Bool, stage: String) -> TaskID {
        var name = Self.safe(isCycle ? "cycle-" + paths[0] : paths[0])
        if paths.count > 1, !isCycle { name += "+\(paths.count - 1)" }
        return take(name, paths: paths, stage: stage)
    }

    /// Takes a name that the plan gives.
    mutating func id(from wanted: String, for paths: [String], stage: String) -> TaskID {
        take(Self.safe(wanted), paths: [wanted] + paths, stage: stage)
    }

    /// Returns the name, or a longer one if it is taken or too long. Where another stage has the name, the stage's name
    /// is added.
    private mutating func take(_ wanted: String, paths: [String], stage: String) -> TaskID {
        var name = wanted
        if let other = given[name.lowercased()], other != stage { name += "-" + Self.safe(stage) }
        if name.utf8.count > Self.longest { name = String(name.prefix(Self.longest - 9)) + "-" + Self.hash(paths) }
        var salt = 0
        while given[name.lowercased()] != nil {
            let more = salt == 0 ? paths : paths + [String(salt)]
            name = String(wanted.prefix(Self.longest - 9)) + "-" + Self.hash(more)
            salt += 1
        }
        given[name.lowercased()] = stage
        return TaskID(name)
    }

    /// Keeps ASCII letters, digits, `.`, `_` and `-`. `git check-ref-format` forbids a dot at either end, two dots in a
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
