import Foundation

/// The filter programs of the user's Git configuration.
enum FilterDriver {
    /// Throws if a file's filter is not configured or its program is not found: git would silently write the unfiltered
    /// content instead.
    static func check(_ path: RawPath, _ conversion: Conversion, target: SlotState.Target) throws(GitError) {
        guard let filter = conversion.filter else { return }
        let problem = try problem(
            with: filter, gitDirectory: target.commonDirectory, environment: target.environment)
        if let problem { throw .filterUnavailable(path: path.display, filter: filter, reason: problem) }
    }

    /// Returns why a filter cannot be used, or nil if it can.
    static func problem(
        with filter: String, gitDirectory: String, environment: [String: String]
    ) throws(GitError) -> String? {
        let owner = try RepositoryPointer(opening: gitDirectory)
        let configuration = try Configuration(of: owner.pointer)
        let process = configuration.string("filter.\(filter).process")
        let clean = configuration.string("filter.\(filter).clean")
        let smudge = configuration.string("filter.\(filter).smudge")
        if process == nil, clean == nil || smudge == nil { return "no such filter is configured" }
        for command in [process, clean, smudge].compactMap({ $0 }) {
            guard let program = program(of: command), !isFound(program, environment) else { continue }
            return "its program '\(program)' is not found"
        }
        return nil
    }

    /// Returns the program that a command starts, or nil if only a shell can tell.
    private static func program(of command: String) -> String? {
        guard let word = command.split(whereSeparator: { $0 == " " || $0 == "\t" }).first else { return nil }
        let isPlain = word.allSatisfy { $0.isLetter || $0.isNumber || "/._-+".contains($0) }
        return isPlain ? String(word) : nil
    }

    private static func isFound(_ program: String, _ environment: [String: String]) -> Bool {
        if program.contains("/") { return access(program, X_OK) == 0 }
        let builtins: Set<String> = ["cd", "test", "exec", "eval", "set", "exit", "if", "while", "for", "case", ":"]
        if builtins.contains(program) { return true }
        return (environment["PATH"] ?? "").split(separator: ":").contains { access("\($0)/\(program)", X_OK) == 0 }
    }
}
