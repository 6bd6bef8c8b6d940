/// A shell command with placeholders that are filled in for a task.
///
/// A placeholder is `{word}`, with a word of `a` to `z` and `_`, that does not follow a `$` or a backslash. Unknown
/// placeholders are refused, so that a typing error does not reach the shell. `{{word}}` is `{word}` as text. All other
/// braces belong to the shell: `${HOME}`, `{a,b}`, `{print $1}`, `{}`.
///
/// Values are quoted, one word for each file. A placeholder may touch other text (`--path={file}`) but may not stand
/// inside quotes or a here-document: a name such as `it's` could end the quotes there, and the rest would run as code.
/// Placeholders in comments are not replaced.
package struct CommandTemplate: Sendable, Equatable, CustomStringConvertible {
    package enum Placeholder: String, Sendable, CaseIterable {
        /// One file. The command runs once for each.
        case file
        /// All files of the task.
        case files
        /// The task's name.
        case task
        /// The job folder.
        case job
        /// The prompt or its file, depending on the worker.
        case prompt
        /// The test files that depend on the task's files.
        case affectedTests = "affected_tests"
        /// The conversation of the last attempt.
        case session
        /// The file with an attempt's diff.
        case diff
        /// The folder of the plan. It is filled in when the plan is read.
        case planFolder = "plan_dir"
        /// The folder of the worker. It is filled in when the worker is read.
        case workerFolder = "worker_dir"

        /// The placeholders of a command that starts a new conversation.
        package static let ofWorkers: [Placeholder] = [.file, .files, .task, .job, .prompt, .affectedTests]
    }

    /// The command as written.
    package let command: String
    /// The placeholders that occur.
    package let placeholders: Set<Placeholder>
    private let parts: [Part]

    enum Part: Sendable, Equatable {
        case text(String)
        case placeholder(Placeholder)
    }

    /// - Throws: `CommandTemplateError` with all problems.
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

    /// The maximum bytes of a command.
    ///
    /// The whole command is one argument of the shell. Linux limits an argument to 128 KiB with its closing zero
    /// (MAX_ARG_STRLEN in `<linux/binfmts.h>`). The limit is the same on every system, so that a plan means the same.
    package static let maximumLength = 131_071

    /// Returns the commands to run for a task, in the order of its files.
    ///
    /// - Parameters:
    ///   - files: paths from the root of the checkout. A path that starts with `-` becomes `./-…`, so that no program
    ///     takes it for an option.
    ///   - job: absolute path of the job folder, if any.
    ///   - prompt: value of `{prompt}`, if any.
    ///   - tests: values of `{affected_tests}`, paths as in `files`.
    ///   - diff: value of `{diff}`, if any.
    ///   - needsTests: whether a command with `{affected_tests}` is skipped without tests, as for a check. A worker
    ///     runs
    ///     anyway, with an empty value.
    ///   - session: value of `{session}`, if any.
    /// - Returns: one command, or one for each file if `{file}` occurs. No command if it needs files or tests and there
    ///   are none, because many programs take "no files" for "all files".
    /// - Throws: `CommandExpansionError`.
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
            case .placeholder(let folder): throw .missing(folder, command: command)
            }
        }
        let bytes = result.utf8.count
        guard bytes <= Self.maximumLength else { throw .tooLong(bytes: bytes, command: command) }
        guard !result.utf8.contains(0) else { throw .zeroByte(command: command) }
        return result
    }
}

extension String {
    /// The command with a folder in place of a placeholder, as one quoted word.
    package func filling(_ placeholder: CommandTemplate.Placeholder, with folder: String) -> String {
        let name = Array("{\(placeholder.rawValue)}".utf8)
        let value = Array(ShellWord.quoted(folder).utf8)
        let bytes = Array(utf8)
        var result: [UInt8] = []
        var place = 0
        while place < bytes.count {
            // The signs after which the reader of commands takes braces for text.
            let isText = result.last.map { "$\\{".utf8.contains($0) } ?? false
            if !isText, bytes[place...].starts(with: name) {
                result += value
                place += name.count
            } else {
                result.append(bytes[place])
                place += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

/// Quoting for a POSIX shell.
package enum ShellWord {
    /// Returns the text as one word, in single quotes if it needs them.
    package static func quoted(_ text: String) -> String {
        if !text.isEmpty, text.utf8.allSatisfy(isPlain) { return text }
        return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// Returns a path from the root of the checkout as one word that no program takes for an option.
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
