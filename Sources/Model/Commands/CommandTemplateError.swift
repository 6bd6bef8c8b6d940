/// All that is wrong with a command of a plan or a worker.
package struct CommandTemplateError: Error, Equatable, CustomStringConvertible {
    package struct Problem: Sendable, Equatable {
        package enum Kind: Sendable, Equatable {
            /// The command has no text.
            case empty
            /// Longer than the system takes, even before anything is filled in.
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
                "the command has \(bytes) bytes, and \(CommandTemplate.maximumLength) is the most that the system takes"
            case .unknownPlaceholder(let word): "unknown placeholder {\(word)}"
            case .insideQuotes(let placeholder): "{\(placeholder.rawValue)} stands inside quotes"
            case .insideHereDocument(let placeholder): "{\(placeholder.rawValue)} stands inside a here-document"
            }
        }

        /// What to do about it.
        package var hint: String {
            switch kind {
            case .empty: return "write a shell command; 'true' does nothing and succeeds"
            case .tooLong: return "put it into a script and call that"
            case .unknownPlaceholder(let word):
                let known = CommandTemplate.Placeholder.allCases.map { "{\($0.rawValue)}" }.joined(separator: " ")
                return "known are \(known); write {{\(word)}} to give the shell {\(word)}"
            case .insideQuotes(let placeholder), .insideHereDocument(let placeholder):
                let name = placeholder.rawValue
                return "it is quoted by itself: take it out of the quotes, or hand it over as an argument, "
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

/// Why a command cannot be written out for a task.
package enum CommandExpansionError: Error, Equatable, CustomStringConvertible {
    /// Longer than the system takes for one command.
    case tooLong(bytes: Int, command: String)
    /// A zero byte cannot be part of a command.
    case zeroByte(command: String)
    /// Used where the placeholder stands for nothing.
    case missing(CommandTemplate.Placeholder, command: String)

    package var description: String {
        switch self {
        case .tooLong(let bytes, let command):
            "the command '\(command)' has \(bytes) bytes with its files written out, and the system takes "
                + "\(CommandTemplate.maximumLength): make the tasks smaller (decompose.max_files), use {file}, or "
                + "read the files from {job}/job.json"
        case .zeroByte(let command): "the command '\(command)' holds a zero byte with its values written out"
        case .missing(let placeholder, let command):
            "{\(placeholder.rawValue)} stands for nothing in the command '\(command)' here: leave it out"
        }
    }
}
