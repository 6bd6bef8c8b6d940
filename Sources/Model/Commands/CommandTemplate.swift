/// A shell command with places that are filled in for a task.
///
/// A placeholder is `{word}`, where the word is of `a` to `z` and `_`, that does not follow a `$` or a backslash; one
/// that is not known is refused, so that a slip does not reach the shell. `{{word}}` is `{word}` as text. All other
/// braces are the shell's own: `${HOME}`, `{a,b}`, `{print $1}`, `{}`.
///
/// What is filled in is quoted here, as one word for each file, so a placeholder may touch other text
/// (`--path={file}`) but may not stand inside quotes or a here-document: there, a name such as `it's` could end the
/// quotes and be run. Placeholders in comments stay as they are.
package struct CommandTemplate: Sendable, Equatable, CustomStringConvertible {
    package enum Placeholder: String, Sendable, CaseIterable {
        /// One file; the command is run once for each.
        case file
        /// All files of the task.
        case files
        /// The task's name.
        case task
        /// The job folder.
        case job
        /// The prompt, or the file that holds it, as the worker wants it.
        case prompt
        /// The test files that reach the task's files.
        case affectedTests = "affected_tests"
        /// The conversation of the last attempt.
        case session
        /// The file that holds an attempt's diff.
        case diff

        /// Those of a command that does a task from its beginning.
        package static let ofWorkers = allCases.filter { $0 != .session && $0 != .diff }
    }

    /// As it was written.
    package let command: String
    /// The placeholders that occur.
    package let placeholders: Set<Placeholder>
    private let parts: [Part]

    enum Part: Sendable, Equatable {
        case text(String)
        case placeholder(Placeholder)
    }

    /// - Throws: `CommandTemplateError` with all that is wrong.
    package init(_ command: String) throws(CommandTemplateError) {
        var reader = CommandTemplateReader(command)
        parts = try reader.read()
        self.command = command
        placeholders = Set(
            parts.compactMap {
                if case .placeholder(let placeholder) = $0 { placeholder } else { nil }
            })
    }

    package var description: String { command }

    /// The most bytes that a command may have.
    ///
    /// The whole command is one argument of the shell, and Linux ends those at 128 KiB (MAX_ARG_STRLEN in
    /// `<linux/binfmts.h>`), the closing zero included. The same limit everywhere, so that a plan means the same.
    package static let maximumLength = 131_071

    /// The commands to run for a task, in the order of its files.
    ///
    /// - Parameters:
    ///   - files: paths from the root of the checkout; one that starts with `-` is written `./-…`, so that no program
    ///     takes it for an option.
    ///   - job: absolute path of the job folder; nil where there is none.
    ///   - prompt: what `{prompt}` stands for; nil where there is none.
    ///   - tests: what `{affected_tests}` stands for, paths as in `files`.
    ///   - diff: what `{diff}` stands for; nil where there is none.
    ///   - needsTests: whether a command that names `{affected_tests}` is left out where there are none, as a check is;
    ///     for a worker, which has work to do all the same, it then stands for nothing.
    ///   - session: what `{session}` stands for; nil where there is none.
    /// - Returns: one command, or one for each file if `{file}` occurs; none if the command speaks of files or tests and
    ///   there are none, because many programs take "no files" for "all files".
    /// - Throws: `CommandExpansionError`; nothing has been started then.
    package func expand(
        files: [String], task: TaskID, job: String? = nil, prompt: String? = nil, tests: [String] = [],
        needsTests: Bool = true, session: String? = nil, diff: String? = nil
    ) throws(CommandExpansionError) -> [String] {
        guard !files.isEmpty || placeholders.isDisjoint(with: [.file, .files]) else { return [] }
        guard !tests.isEmpty || !needsTests || !placeholders.contains(.affectedTests) else { return [] }
        guard placeholders.contains(.file) else {
            return [
                try fill(
                    file: "", files: files, task: task, job: job, prompt: prompt, tests: tests, session: session,
                    diff: diff)
            ]
        }
        var commands: [String] = []
        commands.reserveCapacity(files.count)
        for file in files {
            commands.append(
                try fill(
                    file: file, files: files, task: task, job: job, prompt: prompt, tests: tests, session: session,
                    diff: diff))
        }
        return commands
    }

    private func fill(
        file: String, files: [String], task: TaskID, job: String?, prompt: String?, tests: [String], session: String?,
        diff: String?
    ) throws(CommandExpansionError) -> String {
        var result = ""
        for part in parts {
            switch part {
            case .text(let text): result += text
            case .placeholder(.file): result += ShellWord.quoted(path: file)
            case .placeholder(.files): result += files.map { ShellWord.quoted(path: $0) }.joined(separator: " ")
            case .placeholder(.affectedTests): result += tests.map { ShellWord.quoted(path: $0) }.joined(separator: " ")
            case .placeholder(.task): result += ShellWord.quoted(task.rawValue)
            case .placeholder(.job):
                guard let job else { throw .missing(.job, command: command) }
                result += ShellWord.quoted(job)
            case .placeholder(.prompt):
                guard let prompt else { throw .missing(.prompt, command: command) }
                result += ShellWord.quoted(prompt)
            case .placeholder(.session):
                guard let session else { throw .missing(.session, command: command) }
                result += ShellWord.quoted(session)
            case .placeholder(.diff):
                guard let diff else { throw .missing(.diff, command: command) }
                result += ShellWord.quoted(diff)
            }
        }
        let bytes = result.utf8.count
        guard bytes <= Self.maximumLength else { throw .tooLong(bytes: bytes, command: command) }
        guard !result.utf8.contains(0) else { throw .zeroByte(command: command) }
        return result
    }
}

/// Quoting for a POSIX shell.
package enum ShellWord {
    /// The text as one word, in single quotes unless it is plain.
    package static func quoted(_ text: String) -> String {
        if !text.isEmpty, text.utf8.allSatisfy(isPlain) { return text }
        return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// As `quoted(_:)`, for a path from the root of the checkout, which no program takes for an option.
    package static func quoted(path: String) -> String {
        quoted(path.utf8.first == UInt8(ascii: "-") ? "./" + path : path)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
