import Git
import Model

// Rules on the structure of the repository. A task that lists a `.gitmodules`, a `.gitattributes` or a leftover among its
// files may change it.

/// Rejects changes of submodules and new nested repositories.
struct SubmoduleGuard: DiffGuard {
    let rule = "Change no submodule, and create no repository inside the repository."

    func objections(to diff: AttemptDiff) -> [Objection] {
        diff.changes.compactMap { change in
            if change.oldMode == .submodule {
                return Objection(path: change.path, reason: "is a submodule and must not be changed")
            }
            if change.newMode == .submodule {
                return Objection(path: change.path, reason: "is a nested repository; its files would be lost")
            }
            guard change.path.fileName == ".gitmodules", !diff.task.files.contains(change.path) else { return nil }
            return Objection(path: change.path, reason: "defines the submodules and must not be changed")
        }
    }
}

/// Rejects links that lead out of the repository.
struct SymlinkGuard: DiffGuard {
    let rule = "Create no symbolic link that leads out of the repository."

    func objections(to diff: AttemptDiff) -> [Objection] {
        diff.changes.compactMap { change in
            guard let target = diff.newLink(change), Self.leaves(target, from: change.path) else { return nil }
            return Objection(path: change.path, reason: "is a link to '\(target.prefix(200))', out of the repository")
        }
    }

    /// Returns whether a link leads out of the repository or into `.git`. Judges by the names alone, since folders on the way
    /// may be links in a checkout.
    static func leaves(_ target: String, from path: String) -> Bool {
        if target.hasPrefix("/") || target.hasPrefix("~") { return true }
        var folders = path.split(separator: "/").dropLast().map(String.init)
        for part in target.split(separator: "/") {
            switch part {
            case ".": continue
            case "..":
                if folders.popLast() == nil { return true }
            default: folders.append(String(part))
            }
        }
        return folders.first == ".git"
    }
}

/// Rejects changes of `.gitattributes`, which decides how other files are checked out and merged.
struct AttributesGuard: DiffGuard {
    let rule = "Leave every `.gitattributes` as it is."

    func objections(to diff: AttemptDiff) -> [Objection] {
        diff.changes.filter { $0.path.fileName == ".gitattributes" && !diff.task.files.contains($0.path) }
            .map { Objection(path: $0.path, reason: "decides how other files are checked out and must not be changed") }
    }
}

/// Rejects changes of a file's mode or kind.
struct ModeGuard: DiffGuard {
    let rule = "Leave the modes of files as they are."

    func objections(to diff: AttemptDiff) -> [Objection] {
        diff.changes.compactMap { change in
            guard let old = change.oldMode, let new = change.newMode, old != new, old != .submodule, new != .submodule
            else { return nil }
            return Objection(path: change.path, reason: "was \(Self.words(old)) and is now \(Self.words(new))")
        }
    }

    private static func words(_ mode: FileMode) -> String {
        switch mode {
        case .executable: "an executable file"
        case .symbolicLink: "a symbolic link"
        case .submodule: "a submodule"
        default: "a plain file"
        }
    }
}

/// Rejects new files that workers, editors and patch programs leave behind.
struct LeftoverGuard: DiffGuard {
    let rule = "Leave no backup, reject or swap file behind, and no folder with your own settings."

    private static let endings = [".orig", ".rej", ".bak", ".swp", ".swo", "~"]
    private static let folders: Set<String> = [
        ".claude", ".codex", ".openhands", ".gemini", ".opencode", ".cursor", ".mini-swe-agent", ".aider.tags.cache.v3",
        ".aider.tags.cache.v4",
    ]

    func objections(to diff: AttemptDiff) -> [Objection] {
        diff.changes.filter { $0.status == .added && !diff.task.files.contains($0.path) && Self.isLeftover($0.path) }
            .map {
                Objection(
                    path: $0.path, reason: "is a leftover: delete it, or name it in the plan under guards.discard")
            }
    }

    static func isLeftover(_ path: String) -> Bool {
        let name = path.fileName
        return endings.contains { name.hasSuffix($0) && name.utf8.count > $0.utf8.count } || name.hasPrefix(".aider")
            || path.split(separator: "/").dropLast().contains { folders.contains(String($0)) }
    }
}

/// Rejects large new binary files, and text that became binary.
struct BinaryGuard: DiffGuard {
    let mostBytes: Int

    var rule: String {
        "Add no binary file of more than \(Self.words(mostBytes)), and write no NUL byte into a text file."
    }

    func objections(to diff: AttemptDiff) -> [Objection] {
        diff.changes.compactMap { change in
            guard let new = diff.new(change), let zero = new.bytes.firstIndex(of: 0) else { return nil }
            let bytes = new.bytes
            if let old = diff.old(change)?.bytes, !old.isEmpty {
                // A file that was binary before is not new, whatever its size.
                if old.contains(0) || mostBytes == .max { return nil }
                return Objection(
                    path: change.path, line: new.line(at: zero), reason: "was text and has a NUL byte now")
            }
            guard change.isBinary, bytes.count > mostBytes else { return nil }
            return Objection(
                path: change.path,
                reason: "is a new binary of \(Self.words(bytes.count)), more than the \(Self.words(mostBytes)) allowed")
        }
    }

    private static func words(_ bytes: Int) -> String {
        switch bytes {
        case ..<(1 << 10): "\(bytes) bytes"
        case ..<(1 << 20): "\(bytes >> 10) KiB"
        default: "\(bytes >> 20) MiB"
        }
    }
}

/// Rejects a diff that leaves a file of the task unchanged.
struct MustChangeGuard: DiffGuard {
    let rule = "Change every file of this task."

    func objections(to diff: AttemptDiff) -> [Objection] {
        let changed = Set(diff.changes.map(\.path))
        return diff.task.files.filter { !changed.contains($0) }
            .map { Objection(path: $0, reason: "is a file of this task and was not changed") }
    }
}

extension String {
    /// The part after the last slash.
    var fileName: Substring { self[(lastIndex(of: "/").map { index(after: $0) } ?? startIndex)...] }
}
