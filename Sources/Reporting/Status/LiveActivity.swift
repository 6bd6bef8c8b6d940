package import Model

/// What an attempt or a candidate is doing now, read from files beside the store.
package struct LiveActivity: Sendable, Equatable {
    package var phase: RunPhase?
    /// The last action of the worker, or the check that runs, on one line; empty if unknown.
    package var action: String

    package init(phase: RunPhase? = nil, action: String = "") {
        self.phase = phase
        self.action = action
    }
}

/// Where the activities come from. A report about a store alone has none.
package struct ActivitySource: Sendable {
    /// The activity of an attempt at a task.
    package var attempt: @Sendable (TaskID, Int) -> LiveActivity
    /// The activity of a candidate, by its number and one of its tasks.
    package var candidate: @Sendable (Int, TaskID) -> LiveActivity

    package init(
        attempt: @escaping @Sendable (TaskID, Int) -> LiveActivity,
        candidate: @escaping @Sendable (Int, TaskID) -> LiveActivity
    ) {
        self.attempt = attempt
        self.candidate = candidate
    }

    package static let none = ActivitySource(attempt: { _, _ in LiveActivity() }, candidate: { _, _ in LiveActivity() })
}

/// A call of a tool in words.
package enum ActionText {
    private static let verbs: [(words: [String], verb: String)] = [
        (
            ["edit", "multiedit", "write", "str_replace", "file_change", "create", "patch", "replace", "insert"],
            "edits"
        ),
        (["bash", "command", "shell", "run", "exec", "terminal"], "runs"),
        (["read", "view", "open", "cat"], "reads"),
        (["grep", "glob", "search", "find", "list", "ls"], "looks for"),
    ]

    /// `edits src/a.py`, `runs pytest -q`, or the name of the tool and its input.
    package static func tool(_ name: String, _ input: String) -> String {
        let words = name.lowercased().split { !$0.isLetter }.map(String.init)
        let whole = name.lowercased()
        let verb = verbs.first { entry in entry.words.contains { $0 == whole || words.contains($0) } }?.verb
        return OutsideText.line(input.isEmpty ? "calls \(name)" : "\(verb ?? name) \(input)")
    }
}
