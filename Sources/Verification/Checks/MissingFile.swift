import Foundation

/// Why a command could not find a file or a program that the person has.
package struct MissingFile: Sendable {
    /// The command that failed.
    var command: String
    /// What the command sees as the root of the project.
    var checkout: String
    /// Folders of the person that no job sees, such as the target repository; empty without a sandbox.
    var hidden: [String]

    package init(command: String, checkout: String, hidden: [String]) {
        self.command = command
        self.checkout = checkout
        self.hidden = hidden
    }

    private static let signs = [
        "No such file or directory", "not found", "cannot open", "can't open", "Cannot find module", "ENOENT",
        "does not exist", "FileNotFoundError", "Permission denied",
    ]

    /// Returns the cause and the key of the plan that mends it; nil if nothing shows that a file is only out of sight.
    package func hint(for digest: String) -> String? {
        let lines = digest.split(separator: "\n").filter { line in Self.signs.contains { line.contains($0) } }
        guard !lines.isEmpty else { return nil }
        for line in lines {
            if let hint = Self.words(of: line).lazy.compactMap(relativeHint).first { return hint }
        }
        // A digest shortens the paths of temporary folders, so that the command is looked at too.
        for text in lines + [Substring(command)] {
            if let hint = Self.words(of: text).lazy.compactMap(absoluteHint).first { return hint }
        }
        return nil
    }

    private static func words(of text: Substring) -> [String] {
        text.split { $0.isWhitespace || "\"'`‘’,;()<>=".contains($0) }
            .map { String($0).trimmingCharacters(in: [":"]) }
    }

    private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    private func absoluteHint(_ word: String) -> String? {
        guard word.hasPrefix("/"), word.count > 1, !isVisible(word), exists(word) else { return nil }
        return "'\(word)' is on this machine, but no job sees it: list it under sandbox.read in the plan"
    }

    /// Whether the file is in the checkout or in a folder of the system, which each sandbox has.
    private func isVisible(_ path: String) -> Bool {
        guard !hidden.isEmpty else { return true }
        return ([checkout] + ["/usr", "/bin", "/sbin", "/lib", "/etc", "/dev", "/proc", "/sys"]).contains { folder in
            path == folder || path.hasPrefix("\(folder)/")
        }
    }

    private func relativeHint(_ word: String) -> String? {
        guard !word.isEmpty, !word.hasPrefix("/"), !word.hasPrefix("-"), word.utf8.count < 1000,
            word.contains(where: { "./".contains($0) }), !word.contains(".."), !exists("\(checkout)/\(word)"),
            hidden.contains(where: { exists("\($0)/\(word)") })
        else { return nil }
        return "'\(word)' is in your checkout and in no commit, so no job has it: "
            + "commit it ('git check-ignore -v \(word)' shows a rule that keeps it out), or have the check make it"
    }
}
