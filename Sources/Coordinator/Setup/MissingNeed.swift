/// A program that a check or a worker of a plan needs, and that was not found where it runs.
package struct MissingNeed: Sendable, Hashable {
    /// Who sets the environment of the command.
    package enum User: Sendable, Hashable {
        case check(String)
        case worker(String)

        var words: String {
            switch self {
            case .check(let name): "check '\(name)'"
            case .worker(let name): "worker '\(name)'"
            }
        }

        /// The key of the plan that sets its environment.
        var key: String {
            switch self {
            case .check: "verify"
            case .worker: "workers"
            }
        }
    }

    package var program: String
    package var user: User
    /// The folder of this machine that has the program; nil if none is known.
    package var folder: String?
    /// Whether that folder is in the `PATH` of the command, so that only the sandbox is in the way.
    package var isHidden = false

    package init(program: String, user: User, folder: String? = nil, isHidden: Bool = false) {
        self.program = program
        self.user = user
        self.folder = folder
        self.isHidden = isHidden
    }

    /// What to do about it.
    var hint: String {
        if program.contains("/"), !program.hasPrefix("/") {
            return
                "Git ignores '\(program)', so a slot has it only if a step of 'setup' makes it, or if 'copy' names it"
        }
        guard let folder else {
            if program.hasPrefix("/") {
                return "name a program that is on this machine, or let a step of 'setup' make it"
            }
            return "install '\(program)' in a folder of PATH, or let a step of 'setup' install it; "
                + "'\(user.key): {environment: [\"PATH=FOLDER:/usr/bin:/bin\"]}' names another folder"
        }
        let show = "'sandbox: {read: [\"\(folder)\"]}'"
        if isHidden { return "it is in \(folder), which the sandbox hides: write \(show)" }
        return "it is in \(folder), which is not in PATH: write '\(user.key): {environment: "
            + "[\"PATH=\(folder):/usr/bin:/bin\"]}', and \(show) if the sandbox hides it"
    }
}

extension [MissingNeed] {
    /// The reason why a run is refused.
    var refusal: String {
        var users: [String: [String]] = [:]
        for need in self { users[need.program, default: []].append(need.user.words) }
        var hints: [String] = []
        for need in self where !hints.contains(need.hint) { hints.append(need.hint) }
        var programs: [String] = []
        for need in self where !programs.contains(need.program) { programs.append(need.program) }
        func words(_ program: String) -> String { (users[program] ?? []).joined(separator: " and ") }
        let lines: [String]
        if programs.count == 1, let program = programs.first {
            let verb = (users[program] ?? []).count == 1 ? "needs" : "need"
            lines = ["\(words(program)) \(verb) the program '\(program)', which was not found; nothing was started"]
        } else {
            lines =
                ["programs that the plan needs were not found; nothing was started"]
                + programs.map { "  '\($0)' for \(words($0))" }
        }
        return (lines + hints.map { "  hint: \($0)" }).joined(separator: "\n")
    }
}
