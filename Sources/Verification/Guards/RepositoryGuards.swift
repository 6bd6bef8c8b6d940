import Git
import Model

// Rules on what the repository is made of, beside the text of its files. A task that lists a file of the kind is about
// it, and may change it.

/// Submodules stay as they are.
struct SubmoduleGuard: DiffGuard {
    let rule = "Change no submodule, and make no repository inside of the repository."

    func objections(to diff: AttemptDiff) -> [Objection] {
        diff.changes.compactMap { change in
            if change.oldMode == .submodule {
                return Objection(path: change.path, reason: "is a submodule and may not be changed")
            }
            if change.newMode == .submodule {
                return Objection(path: change.path, reason: "is a repository of its own; the files in it are lost")
            }
            guard change.path.fileName == ".gitmodules", !diff.task.files.contains(change.path) else { return nil }
            return Objection(path: change.path, reason: "names the submodules and may not be changed")
        }
    }
}

/// A link leads to something inside of the repository.
struct SymlinkGuard: DiffGuard {
    let rule = "Make no symbolic link that leads out of the repository."

    func objections(to diff: AttemptDiff) -> [Objection] {
        diff.changes.compactMap { change in
            guard let target = diff.newLink(change), Self.leaves(target, from: change.path) else { return nil }
            return Objection(path: change.path, reason: "is a link to '\(target.prefix(200))', out of the repository")
        }
    }

    /// Judged by the names alone: what the folders on the way are in some checkout does not count.
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

/// `.gitattributes` decides what other files hold once they are checked out, and how they merge.
struct AttributesGuard: DiffGuard {
    let rule = "Leave every `.gitattributes` as it is."

    func objections(to diff: AttemptDiff) -> [Objection] {
        diff.changes.filter { $0.path.fileName == ".gitattributes" && !diff.task.files.contains($0.path) }
            .map { Objection(path: $0.path, reason: "decides how other files are checked out and may not be changed") }
    }
}

/// Files keep their mode and stay files.
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

/// What workers, editors and patch programs leave behind is not committed.
struct LeftoverGuard: DiffGuard {
    let rule = "Leave no backup, reject or swap file and no folder of your own settings behind."

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

/// No new binary of more than so many bytes.
struct BinaryGuard: DiffGuard {
    let mostBytes: Int

    var rule: String { "Add no binary file of more than \(Self.words(mostBytes))." }

    func objections(to diff: AttemptDiff) -> [Objection] {
        diff.changes.compactMap { change in
            guard change.isBinary, let bytes = diff.new(change)?.bytes, bytes.count > mostBytes else { return nil }
            // A binary that was one before is not new, whatever its size.
            if let old = diff.old(change)?.bytes, old.prefix(8000).contains(0) { return nil }
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

/// Every file of a task is changed.
struct MustChangeGuard: DiffGuard {
    let rule = "Change every file of this task."

    func objections(to diff: AttemptDiff) -> [Objection] {
        let changed = Set(diff.changes.map(\.path))
        return diff.task.files.filter { !changed.contains($0) }
            .map { Objection(path: $0, reason: "is a file of this task and was not changed") }
    }
}

extension String {
    /// What follows the last slash.
    var fileName: Substring { self[(lastIndex(of: "/").map { index(after: $0) } ?? startIndex)...] }
}
