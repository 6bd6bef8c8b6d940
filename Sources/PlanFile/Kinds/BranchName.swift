/// The rules of Git for branch names (git-check-ref-format(1)).
enum BranchName {
    /// Returns the problem of `refs/heads/<name>`, or nil for a valid name.
    static func problem(with name: String) -> TextProblem? {
        let scalars = Array(name.unicodeScalars)
        if let offset = scalars.firstIndex(where: { $0.value <= 0x20 || $0.value == 0x7F }) {
            return TextProblem(offset: offset, message: "a branch name cannot contain spaces or control characters")
        }
        if let offset = scalars.firstIndex(where: { "~^:?*[\\".unicodeScalars.contains($0) }) {
            return TextProblem(offset: offset, message: "a branch name cannot contain '\(scalars[offset])'")
        }
        for (index, pair) in zip(scalars, scalars.dropFirst()).enumerated() {
            switch pair {
            case (".", "."), ("@", "{"), ("/", "/"):
                return TextProblem(offset: index, message: "a branch name cannot contain '\(pair.0)\(pair.1)'")
            default: break
            }
        }
        if name == "@" || name == "HEAD" { return TextProblem(message: "'\(name)' is not a valid branch name") }
        if name.hasPrefix("-") { return TextProblem(message: "a branch name cannot start with '-'") }
        if name.utf8.count > 200 { return TextProblem(message: "a branch name has at most 200 bytes here") }
        for part in name.split(separator: "/", omittingEmptySubsequences: false) {
            let offset = name.unicodeScalars.distance(from: name.startIndex, to: part.startIndex)
            if part.isEmpty {
                return TextProblem(offset: offset, message: "a branch name cannot start or end with '/'")
            }
            if part.hasPrefix(".") || part.hasSuffix(".") || part.hasSuffix(".lock") {
                return TextProblem(
                    offset: offset, message: "no part of a branch name may start or end with '.', or end with '.lock'")
            }
        }
        return nil
    }

    /// Returns the problem of a name that becomes one part of branch names, folder names and commit trailers, or nil.
    static func partProblem(with name: String) -> TextProblem? {
        if let slash = name.unicodeScalars.firstIndex(of: "/") {
            return TextProblem(
                offset: name.unicodeScalars.distance(from: name.startIndex, to: slash),
                message: "the name contains a '/'",
                hint: "it becomes one part of branch names: write it like 'modernise-typing'")
        }
        var problem = problem(with: name)
        problem?.hint = "it becomes part of branch names: write it like 'modernise-typing'"
        return problem
    }
}
