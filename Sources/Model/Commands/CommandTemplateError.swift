/// The problems of a command in a plan or a worker.
package struct CommandTemplateError: Error, Equatable, CustomStringConvertible {
    package struct Problem: Sendable, Equatable {
        package enum Kind: Sendable, Equatable {
            /// The command has no text.
            case empty
            /// Longer than the system allows, even before it is filled in.
            case tooLong(bytes: Int)
            case unknownPlaceholder(String)
            case insideQuotes(CommandTemplate.Placeholder)
            case insideHereDocument(CommandTemplate.Placeholder)
        }

        /// Offset in Unicode scalars from the command's start.
        package var position: Int
        package var kind: Kind

        package init(position: Int, kind: Kind) {
            self.position = position
            self.kind = kind
        }

        package var message: String {
            switch kind {
            case .empty: "the command is empty"
            case .tooLong(let bytes):
                "the command has \(bytes) bytes; the system allows at most \(CommandTemplate.maximumLength)"
            case .unknownPlaceholder(let word): "unknown placeholder {\(word)}"
            case .insideQuotes(let placeholder): "{\(placeholder.rawValue)} is inside quotes"
            case .insideHereDocument(let placeholder): "{\(placeholder.rawValue)} is inside a here-document"
            }
        }

        /// What to do about it.
        package var hint: String {
            switch kind {
            case .empty: return "write a shell command; 'true' does nothing and succeeds"
            case .tooLong: return "move it into a script"
            case .unknownPlaceholder(let word):
                let known = CommandTemplate.Placeholder.allCases.map { "{\($0.rawValue)}" }.joined(separator: " ")
                return "known placeholders: \(known); write {{\(word)}} to pass {\(word)} to the shell"
            case .insideQuotes(let placeholder), .insideHereDocument(let placeholder):
                let name = placeholder.rawValue
                return "it is quoted automatically: move it out of the quotes, or pass it as an argument, "
                    + "as in sh -c '... \"$1\"' sh {\(name)}"
            }
        }
    }

    package var command: String
    package var problems: [Problem]

    package init(command: String, problems: [Problem]) {
        self.command = command
        self.problems = problems
    }

    package var description: String {
        problems.map { "command, character \($0.position + 1): \($0.message) (\($0.hint))" }.joined(separator: "\n")
    }
}

/// Why a command cannot be filled in for a task.
package enum CommandExpansionError: Error, Equatable, CustomStringConvertible {
    /// Longer than the system allows for one command.
    case tooLong(bytes: Int, command: String)
    /// A zero byte cannot be part of a command.
    case zeroByte(command: String)
    /// The placeholder has no value here.
    case missing(CommandTemplate.Placeholder, command: String)

    package var description: String {
        switch self {
        case .tooLong(let bytes, let command):
            "the command '\(command)' has \(bytes) bytes with its files filled in, and the system allows at most "
                + "\(CommandTemplate.maximumLength): make the tasks smaller (decompose.max_files), use {file}, or "
                + "read the files from {job}/job.json"
        case .zeroByte(let command): "the command '\(command)' contains a zero byte after it is filled in"
        case .missing(let placeholder, let command):
            "{\(placeholder.rawValue)} has no value here: remove it from the command '\(command)'"
        }
    }
}
